/** Puts a task into nobody's hands, where the sweeper finds it, however long the database is away meanwhile. */
import type { Clock } from '../platform/clock.js';
import { patiently } from '../platform/patiently.js';
import type { RunLog } from '../tasks/run-log.js';

/** Does nothing to a task that is not, or no longer, in the hands of the run with `token`. */
export function letGo(
  { id, token }: { readonly id: string; readonly token: string },
  { eventLog, clock }: { readonly eventLog: Pick<RunLog, 'release'>; readonly clock: Clock },
): Promise<void> {
  return patiently(() => eventLog.release(id, token), clock);
}
