/** What people answer, and how a task that has ended is tried again: what the log's statements take of it. */
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TaskFailure } from '@continuo/agent/internal/tasks/task.js';

/** Where a new attempt begins: `failed-step` keeps every step that had finished. */
export type RetryFrom = 'failed-step' | 'start';

/** What the engine has to know to begin a new attempt there; `step`, `message`, `causes`, `child` and `question` say what failed. */
export interface Rewind {
  readonly from: RetryFrom;
  readonly step?: string;
  readonly message?: string;
  readonly causes?: readonly string[];
  /** The id of the child's task. */
  readonly child?: string;
  /** The id of the question that nobody answered in time: it is asked again. */
  readonly question?: string;
}

export interface Retry {
  readonly rewind: Rewind;
}

/** The states from which a task can be tried again. */
export const retriedStates = ['FAILED', 'CANCELED'] as const satisfies TaskState[];

export function toRetry(from: RetryFrom, failure: TaskFailure | null): Retry {
  if (from === 'start' || failure === null) return { rewind: { from } };
  const { step, message, causes, childTaskId: child, question } = failure;
  const about = { ...(step && { step }), ...(child && { child }), ...(question && { question }) };
  return { rewind: { from, message, causes, ...about } };
}

export function alreadyAnswered(taskId: string, state: TaskState): string {
  return `Task ${taskId} has got its answer already, or waits no longer (it is ${state} now).`;
}

export function notRetried(taskId: string, state: TaskState): string {
  const now = state === 'FAILED' || state === 'CANCELED' ? `it was retried meanwhile, and is ${state} again` : state;
  return `Only a task that is FAILED, CANCELED or held can be retried; task ${taskId} is ${now} now.`;
}
