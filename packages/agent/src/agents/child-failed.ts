/** A child task that did not complete: what `task.call` throws. */
import { TerminalError } from '../platform/errors.js';

export class ChildFailedError extends TerminalError {
  constructor(
    /** The child's. */
    readonly taskId: string,
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}
