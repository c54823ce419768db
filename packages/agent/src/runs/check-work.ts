/** What steps and branches can't be made of: refused before anything is begun, as another attempt would come to the same. */
import { TerminalError } from '../platform/errors.js';

/** Throws TerminalError, naming what was found in the place of the work. */
export function checkWork(kind: 'Step' | 'Branch', name: string, work: unknown): void {
  if (typeof work === 'function') return;
  const found = work instanceof Promise ? 'a promise, whose work has begun already' : typeof work;
  throw new TerminalError(`${kind} "${name}": expected a function that does its work, got ${found}.`);
}
