/** One event of a stream of A2A, as it is about to be sent. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';

export interface Frame {
  /** The event's number in the log of its task. */
  readonly id: number;
  /** A message is the only event of its stream. */
  readonly data: StreamResponse | { readonly message: Message };
  /** The JSON that goes out in place of `data`, for what is too large for memory. */
  readonly pieces?: AsyncIterable<string>;
}
