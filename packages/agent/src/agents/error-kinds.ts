/** The errors of agents that keep their class when a step throws them: in the run that records them, and in every later one. */
import type { ErrorKind } from '../runs/recorded-error.js';
import type { Part } from '../sessions/message.js';
import { ChildFailedError } from './child-failed.js';
import { TaskFailedError, TaskRejectedError } from './task-rejected.js';

/** A subclass comes before what it extends. */
export const errorKinds: readonly ErrorKind[] = [
  {
    kind: 'ChildFailedError',
    keep: (error) => (error instanceof ChildFailedError ? { taskId: error.taskId } : undefined),
    make: (message, { taskId }, options) => new ChildFailedError(String(taskId), message, options),
  },
  {
    kind: 'TaskRejectedError',
    keep: (error) => (error instanceof TaskRejectedError ? { parts: error.parts } : undefined),
    make: (message, { parts }, options) => new TaskRejectedError(message, { parts: partsIn(parts), ...options }),
  },
  {
    kind: 'TaskFailedError',
    keep: (error) => (error instanceof TaskFailedError ? { parts: error.parts } : undefined),
    make: (message, { parts }, options) => new TaskFailedError(message, { parts: partsIn(parts), ...options }),
  },
];

/** None, where there were too many to be kept. */
function partsIn(parts: unknown): readonly Part[] {
  return Array.isArray(parts) ? (parts as readonly Part[]) : [];
}
