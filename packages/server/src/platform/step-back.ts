/** Changes of tables that others use: whoever waits for a table makes all others wait that come after, so nobody waits long. */
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import type { MigrationClient } from './migration-table.js';

const TABLE_LOCK_MS = 2_000;
const TRIES = 100;
/** PostgreSQL's lock_not_available. */
const NOT_AVAILABLE = '55P03';

interface SteppingBack {
  readonly clock?: Clock;
  /** Called the first time that a table was not to be had. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` in a transaction. When it can't get hold of a table within two seconds, it is rolled back and tried again
 * after as long, so that others get at the table meanwhile; after some minutes it throws PostgreSQL's error.
 */
export async function steppingBack<Result>(
  client: MigrationClient,
  work: () => Promise<Result>,
  { clock = systemClock, onWait }: SteppingBack = {},
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.rows('BEGIN');
      await client.rows(`SELECT set_config('lock_timeout', $1, true)`, [String(TABLE_LOCK_MS)]);
      const result = await work();
      await client.rows('COMMIT');
      return result;
    } catch (error) {
      await client.rows('ROLLBACK');
      const inUse = error instanceof Error && 'code' in error && error.code === NOT_AVAILABLE;
      if (!inUse || tries === TRIES) throw error;
      if (tries === 1) onWait?.();
      await clock.sleep(TABLE_LOCK_MS);
    }
  }
}
