/** Runs before each test file: remembers whether one of its tests failed, and what is to be cleared away after it. */
import { afterAll, afterEach } from 'vitest';

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

afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail';
});

afterAll(async () => {
  // The youngest first: a server goes before the database that it uses.
  for (const clearAway of [...leftovers].toReversed()) await clearAway();
});
