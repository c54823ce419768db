/** A memory: what an agent keeps of a user beyond a session, and its form inside and outside. */
import { z } from 'zod';
import type { Caller } from '../platform/caller.js';
import { ContinuoError } from '../platform/errors.js';
import { isStorableText } from '../platform/storable.js';

/** What somebody is or does, or how they like to have things. */
export const memoryKinds = ['fact', 'preference'] as const;

export type MemoryKind = (typeof memoryKinds)[number];

/** Units of UTF-16. */
const LONGEST_MEMORY = 2_000;

/** An owner has so many of one agent. */
export const MOST_MEMORIES = 5_000;

export const memoryText = z
  .string()
  .transform((text) => text.trim())
  .refine((text) => text !== '' && text.length <= LONGEST_MEMORY && isStorableText(text), {
    error: `expected text of 1 to ${LONGEST_MEMORY} characters, well-formed and without U+0000`,
  });

export const memoryKind = z.enum(memoryKinds, { error: `expected one of ${memoryKinds.join(', ')}` });

/** Whose memories, and of which agent. */
export interface MemoryScope extends Caller {
  /** `type/name`. */
  readonly agent: string;
}

export interface Memory {
  readonly id: string;
  /** `type/name` of the agent that it is for. */
  readonly agent: string;
  readonly kind: MemoryKind;
  readonly text: string;
  /** Where it was said; without it, its owner has written it down. It goes when the session is deleted. */
  readonly source?: MemorySource;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface MemorySource {
  /** A2A's contextId. */
  readonly sessionId: string;
  readonly messageId: string;
}

export interface MemoryPage {
  readonly memories: readonly Memory[];
  readonly nextPageToken: string;
}

export interface NewMemory {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly text: string;
  /** `key`: that of the session. */
  readonly source?: (MemorySource & { readonly key: string }) | undefined;
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
