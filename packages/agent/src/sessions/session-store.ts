/** Where sessions are kept, as an agent and its run know it: by the key of the session that the task is in. */
import type { Message } from './message.js';
import type { Checkpoint, SessionWindow } from './session-window.js';

/** Each method throws UNAVAILABLE while the store is away. */
export interface SessionStore {
  /** Adds a message to the session, once: a second message with the same id changes nothing. */
  save(key: string, message: Message, from: { readonly taskId: string; readonly agent: string }): Promise<void>;
  /**
   * The last `limit` messages before the one with `beforeMessageId`, oldest first: of a call that isn't in the session, those
   * that were there when it was made; all, when there is no such one.
   */
  history(key: string, beforeMessageId: string, limit: number): Promise<readonly Message[]>;
  /** The last checkpoint before the message with `beforeMessageId`, and at most `limit` messages between the two. */
  window(key: string, beforeMessageId: string, limit: number): Promise<SessionWindow>;
  /** Keeps a summary of the messages up to a place; of two for the same place the first. */
  saveCheckpoint(key: string, checkpoint: Checkpoint): Promise<void>;
  /** The value of this name; undefined where there is none. */
  getState(key: string, name: string): Promise<unknown>;
  /** Undefined removes the value. */
  setState(key: string, name: string, value: unknown): Promise<void>;
  /**
   * Puts what `change` makes of the value in its place, in one piece, and answers with it; undefined removes it. `change` is
   * called again when somebody else has come between. Under a mark that was used before, and not forgotten, nothing
   * happens: it answers with what was put there then.
   */
  updateState(key: string, name: string, mark: string, change: (value: unknown) => unknown): Promise<unknown>;
  /** Forgets the marks of updates that nobody will ask for again. */
  forgetUpdates(key: string, marks: readonly string[]): Promise<void>;
}
