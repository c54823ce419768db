/** Reads of a store of sessions that may be away: waited for as long as a failover takes, so that a run and its repetition know the same. */
import type { Clock } from '../platform/clock.js';
import { patiently } from '../platform/patiently.js';

/** A store that is away for longer costs a task what it would have said, not the task. */
const AWAY_MS = 15_000;

/** What `read` reads. Throws what fails for good or for longer than 15 s, and the signal's reason. */
export function readSession<Result>(read: () => Promise<Result>, clock: Clock, signal: AbortSignal): Promise<Result> {
  const until = clock.now().getTime() + AWAY_MS;
  return patiently(read, clock, signal, () => clock.now().getTime() >= until);
}
