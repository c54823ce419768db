/** Tells a running instance that a newer version migrates the database in a way that this one can't work with. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { LOCKS } from './advisory-locks.js';
import { BackgroundLoop } from './background-loop.js';
import type { Database } from './database.js';
import type { Log } from './log.js';
import { ownMigrations } from './migration-files.js';
import { newer } from './migration-table.js';

/** Whoever migrates waits for minutes; one small query a second needs no connection of its own, as LISTEN would. */
const LOOK_EVERY_MS = 1_000;

/** Something breaking that isn't known here: done, begun, or announced by somebody who still waits to do it. */
const breakingSql = `
SELECT name FROM continuo_migrations
WHERE breaking AND number <> ALL ($1::int[])
  AND (state <> 'announced' OR EXISTS (
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = $2::bigint
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
ORDER BY number LIMIT 1`;

async function breakingMigration(database: Database): Promise<string | undefined> {
  const known = await ownMigrations();
  const numbers = known.map(({ number }) => number);
  const rows = await database.query<{ name: string }>(breakingSql, [numbers, LOCKS.announcement]);
  return rows[0]?.name;
}

/**
 * Throws DATABASE_NEWER when a migration is there, or about to come, that this version can't work with. An instance asks as
 * soon as others see it: whoever announces one looks for instances afterwards.
 */
export async function refuseNewer(database: Database): Promise<void> {
  const migration = await breakingMigration(database);
  if (migration !== undefined) throw newer(migration);
}

export class SchemaWatch {
  readonly #loop: BackgroundLoop;
  #onBreaking: () => Promise<void> = () => Promise.resolve();
  #told = false;

  constructor(
    private readonly database: Database,
    clock: Clock,
    private readonly log: Log,
  ) {
    const failed = (error: unknown): void => log.debug({ err: messageOf(error) }, 'the schema was not looked at');
    this.#loop = new BackgroundLoop(() => this.#look(), LOOK_EVERY_MS, failed, clock);
  }

  /** What is to be done about it, once: it has to end with this instance having left. */
  onBreaking(leave: () => Promise<void>): void {
    this.#onBreaking = leave;
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<void> {
    if (this.#told) return;
    const migration = await breakingMigration(this.database);
    if (migration === undefined) return;
    this.#told = true;
    this.log.warn(
      { migration },
      `a newer version of Continuo migrates the database (${migration}), which this one can't work with; it stops. Start the newer version`,
    );
    // Not awaited: to leave is to stop this loop, too.
    this.#onBreaking().catch((error: unknown) => this.log.error({ err: error }, 'could not stop in order'));
  }
}
