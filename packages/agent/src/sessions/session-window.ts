/** The end of a conversation as language models are shown it: a summary, and what was said since. */
import type { Message } from './message.js';

/** What is summed up of a session, up to message `upToSeq`. */
export interface Checkpoint {
  readonly upToSeq: number;
  readonly summary: string;
}

/**
 * What a language model is shown of a session: a summary of the older part, where there is one, and the newer
 * messages.
 */
export interface SessionWindow {
  /** The last one before the message that was asked for. */
  readonly checkpoint?: Checkpoint;
  /** What was said since, oldest first; only the newest of it where it is more than was asked for. */
  readonly messages: readonly { readonly seq: number; readonly message: Message }[];
}
