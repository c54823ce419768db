/** Where memories are kept, as a run knows it. */
import type { Memory, MemoryScope, NewMemory } from './memory.js';

/** What was said in a session, and is to be gone through for what is worth keeping. */
export interface Turn {
  /** The session's key. */
  readonly session: string;
  readonly agent: string;
  readonly tenant: string;
  readonly owner: string;
  readonly contextId: string;
  readonly messageId: string;
}

export interface MemoryStore {
  search(scope: MemoryScope, query: string, limit: number): Promise<readonly Memory[]>;
  /** Undefined when there are too many already. */
  add(scope: MemoryScope, memory: NewMemory): Promise<Memory | undefined>;
  /** False when there is none with this id. */
  forget(scope: MemoryScope, id: string): Promise<boolean>;
  /** Notes that what was said is to be gone through in `delayMs`. */
  noteTurn(turn: Turn, delayMs: number): Promise<void>;
}
