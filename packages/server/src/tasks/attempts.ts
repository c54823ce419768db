/** What people answer, and how a task that has ended is tried again: what the log's statements take of it. */
import type { Message } from '../sessions/message.js';
import { INPUT_EXTENSION, type TaskFailure } from './task.js';
import type { TaskState } from './task-state.js';

/** A person's answer, or that nobody gave one in time. */
export type Answer = (Message | RelayedAnswer | { readonly timedOut: true }) & {
  /** The id of the message that asked. */
  readonly question?: string;
};

/** A person's answer to a question of a child; `question` is the id of the child's message that asks. */
export interface RelayedAnswer extends Message {
  readonly askedBy: { readonly taskId: string; readonly question: string };
}

export function isRelayed(answer: Answer): answer is RelayedAnswer {
  return 'askedBy' in answer;
}

/** The answer as it is kept: to a question that the task only passed on, it says whose that was. */
export function toAnswer(asked: Message | undefined, message: Message): Answer {
  const question = asked === undefined ? {} : { question: asked.messageId };
  const request = asked?.metadata?.[INPUT_EXTENSION];
  if (typeof request !== 'object' || request === null || !('askedBy' in request)) return { ...message, ...question };
  return { ...message, ...question, askedBy: request.askedBy as RelayedAnswer['askedBy'] };
}

/** Where a new attempt begins: `failed-step` keeps every step that had finished. */
export type RetryFrom = 'failed-step' | 'start';

/** What the engine has to know to begin a new attempt there; `step` and `message` say what failed. */
export interface Rewind {
  readonly from: RetryFrom;
  readonly step?: string;
  readonly message?: string;
}

export interface Retry {
  readonly rewind: Rewind;
}

/** The states from which a task can be tried again. */
export const retriedStates = ['FAILED', 'CANCELED'] as const satisfies TaskState[];

export function toRetry(from: RetryFrom, failure: TaskFailure | null): Retry {
  if (from === 'start') return { rewind: { from } };
  const { step, message } = failure ?? {};
  const failed = { ...(step === undefined ? {} : { step }), ...(message === undefined ? {} : { message }) };
  return { rewind: { from, ...failed } };
}

export function alreadyAnswered(taskId: string, state: TaskState): string {
  return `Task ${taskId} has got its answer already, or waits no longer (it is ${state} now).`;
}

export function notRetried(taskId: string, state: TaskState): string {
  const now = state === 'FAILED' || state === 'CANCELED' ? `it was retried meanwhile, and is ${state} again` : state;
  return `Only a task that is FAILED, CANCELED or held can be retried; task ${taskId} is ${now} now.`;
}
