/** A memory: what an agent keeps of a user beyond a session, and its form inside and outside. */
import { z } from 'zod';
import { isStorableText } from '../platform/storable.js';

/** What somebody is or does, or how they like to have things. */
export const memoryKinds = ['fact', 'preference'] as const;

/** A fact about a user, or what a user prefers. @useDeclaredType */
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
export interface MemoryScope {
  readonly tenant: string;
  readonly owner: string;
  /** `type/name`. */
  readonly agent: string;
}

/** Something that an agent remembers of a user across sessions. */
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

/** The message that a memory was drawn from. */
export interface MemorySource {
  /** A2A's contextId. */
  readonly sessionId: string;
  readonly messageId: string;
}

export interface NewMemory {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly text: string;
  /** `key`: that of the session. */
  readonly source?: (MemorySource & { readonly key: string }) | undefined;
}
