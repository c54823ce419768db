/** The forms of memories inside and outside: rows, changes, pages. */
import type { Memory, MemoryKind } from '@continuo/agent/internal/memories/memory.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

export interface MemoryPage {
  readonly memories: readonly Memory[];
  readonly nextPageToken: string;
}

export interface MemoryChange {
  readonly text?: string | undefined;
  readonly kind?: MemoryKind | undefined;
}

export interface MemoryRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly agent: string;
  readonly kind: MemoryKind;
  readonly text: string;
  readonly context_id: string | null;
  readonly message_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const memoryColumns = 'id, agent, kind, text, context_id, message_id, created_at, updated_at';

export function toMemory(row: MemoryRow): Memory {
  const { id, agent, kind, text, context_id: sessionId, message_id: messageId } = row;
  return {
    id,
    agent,
    kind,
    text,
    ...(sessionId === null || messageId === null ? {} : { source: { sessionId, messageId } }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The same for what doesn't exist and for what isn't the caller's. */
export function memoryNotFound(id: string): ContinuoError {
  return new ContinuoError('MEMORY_NOT_FOUND', `Memory ${id} was not found.`);
}
