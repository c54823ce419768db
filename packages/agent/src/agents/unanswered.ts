/** A question that nobody answered in time, without a default: what `task.requestInput` throws. */
import { TerminalError } from '../platform/errors.js';

export class UnansweredError extends TerminalError {
  constructor(
    /** The id of the message that asked. */
    readonly question: string,
    message: string,
  ) {
    super(message);
  }
}
