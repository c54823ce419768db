/** The operations on memories. */
import { z } from 'zod';
import { memoryKinds, type Memory } from '@continuo/agent/internal/memories/memory.js';
import type { MemoryPage } from '../../memories/memory-form.js';
import { memoryChange, memoryExportParameters, memoryListParameters, newMemory } from '../memories.controller.js';
import type { Operation } from './operation.js';
import { moment, name } from './shapes.js';

const memoryShape: z.ZodType<Memory> = name(
  'Memory',
  z.object({
    id: z.string(),
    agent: z.string().describe('The agent that it is for, as type/name.'),
    kind: z.enum(memoryKinds),
    text: z.string(),
    source: z
      .object({ sessionId: z.string(), messageId: z.string() })
      .optional()
      .describe('Where it was said; without it, its owner has written it down.'),
    createdAt: moment,
    updatedAt: moment,
  }),
);

const memories = z.array(memoryShape);

const memoryPageShape: z.ZodType<MemoryPage> = name('MemoryPage', z.object({ memories, nextPageToken: z.string() }));

const memoryExportShape = name('MemoryExport', z.object({ memories }));

export const memoryOperations: readonly Operation[] = [
  {
    id: 'listMemories',
    access: 'read',
    method: 'get',
    path: '/memories',
    summary: 'What agents keep of the caller, newest change first',
    query: memoryListParameters,
    answer: memoryPageShape,
  },
  {
    id: 'createMemory',
    access: 'write',
    idempotent: true,
    statuses: [201],
    errors: ['QUOTA_EXCEEDED'],
    description: 'One of the same agent in the same words is renewed.',
    method: 'post',
    path: '/memories',
    summary: 'Write down something that an agent is to keep',
    body: newMemory,
    answer: memoryShape,
  },
  {
    id: 'exportMemories',
    access: 'read',
    answerHeaders: ['Content-Disposition'],
    errors: ['QUOTA_EXCEEDED'],
    method: 'get',
    path: '/memories/export',
    summary: 'All of them as JSON',
    query: memoryExportParameters,
    answer: memoryExportShape,
  },
  {
    id: 'updateMemory',
    access: 'write',
    errors: ['MEMORY_NOT_FOUND', 'QUOTA_EXCEEDED'],
    description: 'What is absent stays.',
    method: 'patch',
    path: '/memories/{id}',
    summary: 'Change a memory',
    body: memoryChange,
    answer: memoryShape,
  },
  {
    id: 'deleteMemory',
    access: 'write',
    errors: ['MEMORY_NOT_FOUND'],
    method: 'delete',
    path: '/memories/{id}',
    summary: 'Forget a memory',
  },
];
