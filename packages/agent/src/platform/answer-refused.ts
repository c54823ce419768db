/** What others answered is more than is read. */
import { TerminalError } from './errors.js';

/** Somebody answered with more than is read: asked again, they would do it again. */
export class AnswerRefused extends TerminalError {}

/** `expected`: `at most 100000 values`. */
export function refusedAnswer(remote: string, expected: string): AnswerRefused {
  return new AnswerRefused(`The answer of ${remote} is not read: ${expected} are taken.`);
}
