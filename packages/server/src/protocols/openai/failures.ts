/** How turns end that have no answer, in OpenAI's form. */
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { Settled } from '../said.js';
import { typeOf, type OpenAIError } from './errors.js';

export interface Failure {
  readonly status: number;
  readonly error: OpenAIError;
}

const endings: Partial<Record<Settled['state'], readonly [status: number, code: string]>> = {
  FAILED: [500, 'task_failed'],
  REJECTED: [400, 'task_rejected'],
  CANCELED: [409, 'task_canceled'],
};

/** Undefined for a turn that has an answer, be it a question. */
export function failureOf({ state, message }: Settled): Failure | undefined {
  const ending = endings[state];
  if (ending === undefined) return undefined;
  const [status, code] = ending;
  const words = textOf(message?.parts ?? []);
  return toFailure(status, code, words === '' ? `The task ended as ${state.toLowerCase()}.` : words);
}

/** For who has waited as long as a call may; the task goes on. */
export function stillWorks(taskUrl: string): Failure {
  const message = `The agent still works, and goes on: ${taskUrl} has what comes of it. Or ask with stream: true.`;
  return toFailure(504, 'task_works', message);
}

function toFailure(status: number, code: string, message: string): Failure {
  return { status, error: { message, type: typeOf(status), param: null, code } };
}
