/** Puts a task into nobody's hands, where the sweeper finds it, however long the database is away meanwhile. */
import type { Clock } from '../platform/clock.js';
import { isTransient } from '../platform/database.js';
import type { EventLog } from '../tasks/event-log.js';

const RETRY_MS = 500;

/** Does nothing to a task that is not, or no longer, in the hands of the run with `token`. */
export async function letGo(
  { id, token }: { readonly id: string; readonly token: string },
  { eventLog, clock }: { readonly eventLog: EventLog; readonly clock: Clock },
): Promise<void> {
  for (;;) {
    try {
      return await eventLog.release(id, token);
    } catch (error) {
      if (!isTransient(error)) throw error;
      await clock.sleep(RETRY_MS);
    }
  }
}
