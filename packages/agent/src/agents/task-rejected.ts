/** How an agent ends its task without an answer, and says more about it than a sentence. */
import { TerminalError } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import type { Part } from '../sessions/message.js';
import { toParts } from './content.js';

/** What a task that ends without an answer says beside its message. */
export interface EndingOptions extends ErrorOptions {
  /** What is said behind the message: data for programs, a file. A step keeps 8 Mi characters of JSON of it. */
  readonly parts?: readonly Part[] | undefined;
}

/**
 * Thrown by an agent whose task fails: it ends FAILED at once, with this message and `parts`. Throws TerminalError itself for
 * what are no parts.
 *
 * @example
 * throw new TaskFailedError('The card was declined.', { parts: [{ data: { code: 'card_declined' } }] });
 */
export class TaskFailedError extends TerminalError {
  readonly parts: readonly Part[];

  constructor(message: string, { parts = [], ...options }: EndingOptions = {}) {
    super(message, options);
    this.parts = parts.length === 0 ? [] : storable(toParts(parts));
  }
}

/** Thrown by an agent that won't do a task: it ends REJECTED instead of FAILED, with this message and `parts`. */
export class TaskRejectedError extends TaskFailedError {}
