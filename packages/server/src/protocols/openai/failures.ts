/** How turns end that have no answer, in OpenAI's form. */
import { failedTurn, type FailedTurn } from '../failed-turn.js';
import type { Settled } from '../said.js';
import { typeOf, type OpenAIError } from './errors.js';

export interface Failure {
  readonly status: number;
  readonly error: OpenAIError;
}

const statuses: Readonly<Record<FailedTurn['code'], number>> = {
  task_failed: 500,
  task_rejected: 400,
  task_canceled: 409,
};

/** Undefined for a turn that has an answer, be it a question. */
export function failureOf(settled: Settled): Failure | undefined {
  const failed = failedTurn(settled);
  return failed === undefined ? undefined : toFailure(statuses[failed.code], failed.code, failed.message);
}

/** For who has waited as long as a call may; the task goes on. */
export function stillWorks(taskUrl: string): Failure {
  const message = `The agent still works, and goes on: ${taskUrl} has what comes of it. Or ask with stream: true.`;
  return toFailure(504, 'task_works', message);
}

function toFailure(status: number, code: string, message: string): Failure {
  return { status, error: { message, type: typeOf(status), param: null, code } };
}
