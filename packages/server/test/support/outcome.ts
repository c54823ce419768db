/** Whether a test of the file that is running has failed, and what is to be cleared away after a test or the file. */
import { onTestFinished, TestRunner } from 'vitest';
import { AsyncLocalStorage } from 'node:async_hooks';

/** A server may take a minute to stop in order. */
const STOPPED_WITHIN_MS = 200_000;

let failed = false;
const leftovers = new Set<() => Promise<void>>();

/** Whether a test of this file has failed so far. */
export function aTestFailed(): boolean {
  return failed;
}

/** Calls `clearAway` after the last test of this file; the answer takes it back. */
export function afterThisFile(clearAway: () => Promise<void>): () => void {
  leftovers.add(clearAway);
  return () => leftovers.delete(clearAway);
}

const lasting = new AsyncLocalStorage<true>();

/** What `work` starts stays until the file ends, also where a test has it started anew: the tests behind that use it. */
export function forThisFile<Result>(work: () => Result): Result {
  return lasting.run(true, work);
}

/** Whether what is started now stays until the file ends: no test is running, or one has said so. */
export function staysForThisFile(): boolean {
  return TestRunner.getCurrentTest() === undefined || lasting.getStore() === true;
}

/**
 * Calls `clearAway` after the test that is running, or after the last one of this file where none is; the answer takes it
 * back. What a test has started costs the tests behind it nothing.
 */
export function afterThisTest(clearAway: () => Promise<void>): () => void {
  const takeBack = afterThisFile(clearAway);
  if (staysForThisFile()) return takeBack;
  onTestFinished(async () => {
    if (leftovers.delete(clearAway)) await clearAway();
  }, STOPPED_WITHIN_MS);
  return takeBack;
}

/** A file begins, in a process that may have run others before. */
export function beginFile(): void {
  failed = false;
}

export function noteFailure(): void {
  failed = true;
}

export async function clearAwayAfterFile(): Promise<void> {
  const all = [...leftovers].toReversed();
  leftovers.clear();
  // The youngest first: a server goes before the database that it uses.
  for (const clearAway of all) await clearAway();
}
