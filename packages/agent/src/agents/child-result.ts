/** What became of a child, as its parent is told: its result, or why it has none. */
import { cutToBytes } from '../platform/text.js';
import { textOf, type Message } from '../sessions/message.js';
import { howItEnded, toWireState, type TaskState } from '../tasks/task-state.js';
import type { Task } from '../tasks/task.js';
import { partsBytes } from '../tasks/task-event.js';
import { ChildFailedError } from './child-failed.js';
import type { EndedChild } from './children.js';
import { contentOf } from './content.js';
import { answerOfTask } from './task-answer.js';
import type { CallResult } from './task-context.js';

/** Of what a child said with a failure so much is kept as it is; of more the beginning of its text. */
const MOST_SAID_BYTES = 1024 ** 2;
const MOST_REASON_BYTES = 16 * 1024;

/** How a child ended, as its parent's journal keeps it: of a failure what was said with it, as the child may be tried again. */
export function endedChild(taskId: string, state: TaskState, message: Message | undefined): Omit<EndedChild, 'call'> {
  if (state === 'COMPLETED') return { taskId, state };
  const { parts = [] } = message ?? {};
  if (partsBytes(parts) <= MOST_SAID_BYTES) return { taskId, state, said: parts };
  return { taskId, state, said: [{ text: cutToBytes(textOf(parts), MOST_REASON_BYTES) }] };
}

/** `task`: as it was read, if it is still there. Throws ChildFailedError where the failure isn't to be ignored. */
export function childResult(child: EndedChild, task: Task | undefined): CallResult {
  const { call, taskId, state } = child;
  const { parts, artifacts } = answerOfTask(taskId, task && asItEnded(child, task));
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

/** Why it has no result. `task` matters for what older versions have recorded, and for a child that was deleted. */
export function failedChild({ call, taskId, state, said }: EndedChild, task: Task | undefined): ChildFailedError {
  const reason = textOf(said ?? task?.status.message?.parts ?? []) || 'it gave no reason';
  const isGone = said === undefined && task === undefined;
  return new ChildFailedError(
    taskId,
    `${call.agent} ${isGone ? 'was deleted' : `${howItEnded(state ?? 'FAILED')}: ${reason}`}`,
  );
}

/** A child that failed has failed for this call, also when it was tried again since, and has an answer now. */
function asItEnded({ taskId, state, said }: EndedChild, task: Task): Task {
  if (said === undefined || state === undefined) return task;
  const message: Message = { messageId: taskId, role: 'ROLE_AGENT', parts: said };
  return { ...task, status: { ...task.status, state: toWireState(state), message } };
}
