/** What a step can't be made of: refused before its first attempt, as another one would come to the same. */
import { TerminalError } from '../platform/errors.js';

/** Throws TerminalError, naming what was found in the place of the step's work. */
export function checkStep(name: string, work: unknown): void {
  if (typeof work === 'function') return;
  const found = work instanceof Promise ? 'a promise, whose work has begun already' : typeof work;
  throw new TerminalError(`Step "${name}": expected a function that does its work, got ${found}.`);
}
