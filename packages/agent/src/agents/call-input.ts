/** What agents say of a call beside its input: refused by name, before the call is made. */
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { isStorableText } from '../platform/storable.js';
import { givenText } from '../runs/names.js';
import { checkGiven, givenMetadata } from './artifact-input.js';
import type { ChildCall } from './task-context.js';

const POLICY = "expected 'fail', 'ignore' or { retries: a whole number of at least 0 }";

function isPolicy(given: unknown): boolean {
  if (given === 'fail' || given === 'ignore') return true;
  if (typeof given !== 'object' || given === null || !('retries' in given)) return false;
  return Number.isInteger(given.retries) && Number(given.retries) >= 0;
}

const schema = z.object({ metadata: givenMetadata, onFailure: z.custom(isPolicy, POLICY).nullish() });

/** Throws TerminalError for a call that can't be made, or whose failure nobody could tell what to do with. */
export function checkCall({ agent, metadata, onFailure }: ChildCall): void {
  if (typeof agent !== 'string' || !isStorableText(agent)) {
    throw new TerminalError(
      `A call needs the name of an agent, type/name, as text; got ${JSON.stringify(givenText(agent))}.`,
    );
  }
  checkGiven(schema, `call of ${agent}`, { metadata, onFailure });
}

/** Throws TerminalError for what is no list of calls. */
export function checkCalls(calls: unknown): void {
  if (!Array.isArray(calls)) {
    throw new TerminalError(`callAll: expected a list of calls, [{ agent, input }], got ${givenText(calls)}`);
  }
  const index = calls.findIndex((call) => typeof call !== 'object' || call === null);
  if (index >= 0)
    throw new TerminalError(`callAll: calls[${index}]: expected { agent, input }, got ${givenText(calls[index])}`);
}
