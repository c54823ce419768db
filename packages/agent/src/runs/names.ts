/** Names by which operations are found again, and what is refused of them. */
import { TerminalError } from '../platform/errors.js';
import { isStorableText } from '../platform/storable.js';

const LONGEST_NAME = 250;

/** Throws TerminalError for a name that nothing can be found again by. */
export function checkName(kind: string, name: string): void {
  const refusal = nameRefusal(kind, name);
  if (refusal !== undefined) throw refusal;
}

/** Why the name is refused; undefined when it isn't. */
export function nameRefusal(kind: string, name: unknown): TerminalError | undefined {
  if (typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME && isStorableText(name)) return undefined;
  const given =
    typeof name === 'string' ? `${name.length} characters, ${JSON.stringify(name.slice(0, 40))}` : typeof name;
  return new TerminalError(
    `A ${kind} needs a name, by which it is found again after a crash: 1 to ${LONGEST_NAME} characters, without NUL and halves of surrogate pairs; got ${given}.`,
  );
}

/** What a branch is called in the path of scopes: two that aren't nested alike never have the same path. `number`: which of its name it is. */
export function branchScope(name: string, number: number): string {
  const own = name.replaceAll(/[%/#]/g, encodeURIComponent);
  return number === 1 ? own : `${own}#${number}`;
}

/** The name again, for people. */
export function branchNameIn(scope: string): string {
  return scope.replaceAll(/%(?:25|2F|23)/g, decodeURIComponent);
}

/** What was given in the place of something else, for an error: a text or a number as it is, anything else by its type. */
export function givenText(value: unknown): string {
  if (value === null) return 'null';
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isPlain ? String(value).slice(0, 40) : typeof value;
}

/** For `what` was called where it can't be kept. */
export function refuseInStep(what: string): TerminalError {
  return new TerminalError(
    `${what} was called inside a step, whose result alone is kept; call it outside, and use in the step what it gives.`,
  );
}
