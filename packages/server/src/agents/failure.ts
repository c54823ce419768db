/** Why a task failed: a sentence for people, and the causes for its owner. Stack traces stay in the log. */
import { StepFailedError } from '../engine/run.js';
import { messageOf } from '../platform/errors.js';
import { ChildFailedError } from './child-failed.js';
import type { TaskFailure } from '../tasks/task.js';

const MOST_CAUSES = 10;

export function failureOf(error: unknown): TaskFailure {
  const step = error instanceof StepFailedError ? { step: error.step } : {};
  const child = error instanceof ChildFailedError ? { childTaskId: error.taskId } : {};
  const own = error instanceof StepFailedError ? error.causes : [];
  return {
    name: error instanceof Error ? error.name : 'Error',
    message: messageOf(error),
    ...step,
    ...child,
    causes: [...own, ...causesOf(error)].slice(0, MOST_CAUSES),
  };
}

function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < MOST_CAUSES; cause = cause.cause) {
    if (cause.cause !== undefined) causes.push(messageOf(cause.cause));
  }
  return causes;
}
