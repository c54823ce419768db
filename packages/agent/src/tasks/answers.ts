/** What people answer to the questions of a task, or of its children. */
import type { Message } from '../sessions/message.js';
import { INPUT_EXTENSION } from './task.js';

/** A person's answer, or that nobody gave one in time. */
export type Answer = (Message | RelayedAnswer | { readonly timedOut: true }) & {
  /** The id of the message that asked. */
  readonly question?: string;
  /** The span of whoever gave it, as a traceparent. */
  readonly span?: string;
  /** When it came; ISO 8601. What older versions stored doesn't say. */
  readonly at?: string;
};

/** A person's answer to a question of a child; `question` is the id of the child's message that asks. */
export interface RelayedAnswer extends Message {
  readonly askedBy: { readonly taskId: string; readonly question: string };
}

export function isRelayed(answer: Answer): answer is RelayedAnswer {
  return 'askedBy' in answer;
}

/** The answer as it is kept, with the span of whoever gives it: to a question that the task only passed on, it says whose that was. */
export function toAnswer(asked: Message | undefined, message: Message, at: string, span?: string): Answer {
  const question = {
    at,
    ...(asked === undefined ? {} : { question: asked.messageId }),
    ...(span === undefined ? {} : { span }),
  };
  const request = asked?.metadata?.[INPUT_EXTENSION];
  if (typeof request !== 'object' || request === null || !('askedBy' in request)) return { ...message, ...question };
  return { ...message, ...question, askedBy: request.askedBy as RelayedAnswer['askedBy'] };
}
