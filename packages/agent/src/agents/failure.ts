/** Why a task failed: a sentence for people, and the causes for its owner. Stack traces stay in the log. */
import { StepFailedError } from '../runs/run.js';
import { asItIs, type Hide } from '../platform/shown.js';
import { cutToBytes } from '../platform/text.js';
import { causeOf, messageOf, nameOf } from '../platform/errors.js';
import { ChildFailedError } from './child-failed.js';
import { UnansweredError } from './unanswered.js';
import type { TaskFailure } from '../tasks/task.js';

const MOST_CAUSES = 10;
/** Characters of a message that is certain to be stored. */
const MOST_CHARACTERS = 2_000;
/** What a failure says may take so many bytes, and each of its causes; the rest is in the server's log. */
const MOST_BYTES = 8 * 1024;
const MOST_CAUSE_BYTES = 2 * 1024;

/** What is said of a failure: the beginning of a long message. */
export function failureText(error: unknown, hide: Hide = asItIs): string {
  return cutToBytes(hide(messageOf(error)), MOST_BYTES);
}

export function failureOf(error: unknown, hide: Hide = asItIs): TaskFailure {
  const step = error instanceof StepFailedError ? { step: error.step } : {};
  const child = error instanceof ChildFailedError ? { childTaskId: error.taskId } : {};
  const causes = error instanceof StepFailedError ? error.causes : causesOf(error);
  return {
    name: cutToBytes(nameOf(error), MOST_CAUSE_BYTES),
    message: failureText(error, hide),
    ...step,
    ...child,
    ...unansweredIn(error),
    causes: causes.slice(0, MOST_CAUSES).map((cause) => cutToBytes(hide(cause), MOST_CAUSE_BYTES)),
  };
}

/** The question, also when the agent threw an error of its own because of it. */
function unansweredIn(error: unknown): Pick<TaskFailure, 'question'> {
  for (let [cause, depth] = [error, 0]; cause !== undefined && depth <= MOST_CAUSES; depth += 1) {
    if (cause instanceof UnansweredError) return { question: cause.question };
    cause = causeOf(cause);
  }
  return {};
}

function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (let cause = causeOf(error); cause !== undefined && causes.length < MOST_CAUSES; cause = causeOf(cause)) {
    causes.push(messageOf(cause));
  }
  return causes;
}

/** The same in so few words that nothing can be against storing them. */
export function shortened({ causes, message, ...failure }: TaskFailure): TaskFailure {
  return { ...failure, message: short(message), causes: (causes ?? []).map(short) };
}

function short(text: string): string {
  // Half a character at the cut is none.
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).replace(/\p{Surrogate}$/u, '')} …`;
}
