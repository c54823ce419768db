/** What became of a child, as its parent is told: its result, or why it has none. */
import { textOf } from '../sessions/message.js';
import { howItEnded } from '../tasks/task-state.js';
import type { Task } from '../tasks/task.js';
import { ChildFailedError } from './child-failed.js';
import type { EndedChild } from './children.js';
import { contentOf } from './content.js';
import { answerOfTask } from './task-answer.js';
import type { CallResult } from './task-context.js';

/** `task`: as it was read, if it is still there. Throws ChildFailedError where the failure isn't to be ignored. */
export function childResult(child: EndedChild, task: Task | undefined): CallResult {
  const { call, taskId, state } = child;
  const { parts, artifacts } = answerOfTask(taskId, task);
  const result = { ...contentOf(parts), taskId, artifacts };
  if (task !== undefined && state === 'COMPLETED') return result;
  const failed = failedChild(child, task);
  if (call.onFailure === 'ignore') return { ...result, error: failed.message };
  throw failed;
}

/** Of a call of an agent that isn't there: there is no child. */
export function refusedResult(error: string): CallResult {
  return { ...contentOf([]), taskId: '', artifacts: [], error };
}

/** Why it has no result. */
export function failedChild({ call, taskId, state }: EndedChild, task: Task | undefined): ChildFailedError {
  const ended = `${howItEnded(state ?? 'FAILED')}: ${textOf(task?.status.message?.parts ?? []) || 'it gave no reason'}`;
  return new ChildFailedError(taskId, `${call.agent} ${task === undefined ? 'was deleted' : ended}`);
}
