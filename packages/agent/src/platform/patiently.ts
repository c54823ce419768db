/** Tries again what failed only for a moment; what failed for good is thrown at once. The one such loop for all of ours. */
import type { Clock } from './clock.js';
import { isTransient } from './database-errors.js';
import { ContinuoError } from './errors.js';

const FIRST_DELAY_MS = 50;
const LAST_DELAY_MS = 1_000;

/** Whether the same may succeed a moment later: the database is away, or another statement was in the way. */
function isPassing(error: unknown): boolean {
  return error instanceof ContinuoError ? error.code === 'UNAVAILABLE' : isTransient(error);
}

/**
 * The result of the first try of `work` that succeeds, after ever longer pauses. Throws what fails for good, what still
 * fails once `isEnough`, and the signal's reason once it is aborted.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  clock: Pick<Clock, 'sleep'>,
  signal?: AbortSignal,
  isEnough: () => boolean = () => false,
): Promise<Result> {
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LAST_DELAY_MS)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || isEnough()) throw error;
      await clock.sleep(delay, signal).catch(() => signal?.throwIfAborted());
    }
  }
}
