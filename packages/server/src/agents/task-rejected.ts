/** Thrown by an agent that won't do a task: it ends REJECTED instead of FAILED, with this message. */
import { TerminalError } from '../platform/errors.js';

export class TaskRejectedError extends TerminalError {}
