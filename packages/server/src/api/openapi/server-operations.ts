/** The operations on the server itself: what orchestrators and programs that make clients ask. */
import { z } from 'zod';
import type { Operation } from './operation.js';
import { name } from './shapes.js';

const aliveShape = name('Alive', z.object({ status: z.literal('ok') }));
const readyShape = name('Ready', z.object({ status: z.literal('ready') }));
const documentShape = name('OpenApiDocument', z.looseObject({ openapi: z.string() }));

export const serverOperations: readonly Operation[] = [
  {
    id: 'isAlive',
    access: 'public',
    method: 'get',
    path: '/healthz',
    summary: 'The process answers',
    answer: aliveShape,
  },
  {
    id: 'isReady',
    access: 'public',
    method: 'get',
    path: '/readyz',
    summary: 'The server can work: its database answers, and it is not stopping',
    answer: readyShape,
  },
  {
    id: 'readMetrics',
    access: 'admin',
    method: 'get',
    path: '/metrics',
    summary: 'What the processes that serve have counted, as Prometheus reads it',
    text: 'text/plain',
    errors: ['UNSUPPORTED_OPERATION'],
  },
  {
    id: 'readOpenApiDocument',
    access: 'public',
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answer: documentShape,
  },
];
