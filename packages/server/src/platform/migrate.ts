/** Applies the numbered SQL of `migrations/`, once each and in order, under a lock that other starting instances wait for. */
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { LOCKS } from './advisory-locks.js';
import { DatabaseServers } from './database-servers.js';
import type { Log } from './log.js';
import { ownMigrations, readMigrations, type Migration } from './migration-files.js';
import { judge, note, takeBackAnnouncements, type MigrationClient } from './migration-table.js';
import { asNeedsSessions, checkSessions } from './session-connections.js';
import { steppingBack } from './step-back.js';
import { ABANDONED_MS, startWith, WatchedClient } from './watched-client.js';

const LOCK_RETRY_MS = 100;
const TOLD_AFTER_TRIES = 20;
const STATEMENT_MS = 24 * 60 * 60 * 1000;
const LOOK_EVERY_MS = 250;
/** As long as the longest drain that makes sense. */
const DEPARTURE_MS = 10 * 60_000;

export interface MigrateOptions {
  /** Where the migrations lie. Default: those of this version. */
  readonly directory?: URL;
  readonly log?: Log;
  readonly clock?: Clock;
  /**
   * Names the living instances that don't know migration `number`. They are asked to go before a breaking migration, and
   * waited for. Without it a database that is in use is left alone when something breaking is to come.
   */
  readonly olderInstances?: (client: MigrationClient, number: number) => Promise<readonly string[]>;
  /** How long the older instances are waited for; milliseconds. Default: 10 minutes. */
  readonly departureMs?: number;
  /** The number of the last migration to apply. Default: all. */
  readonly upTo?: number;
  /** What is to be seen to at each start while nobody else starts, when the schema is as it should be. */
  readonly afterwards?: (client: WatchedClient) => Promise<void>;
  /** Ends waiting for others, with its reason; what has begun is done. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings the database at `databaseUrl` up to this version's schema. What newer versions have added is left alone, with a
 * warning, as long as this one gets along with it.
 * Throws DATABASE_NEWER or DATABASE_MISMATCH, having changed nothing, when this version can't work with what is there, and
 * DATABASE_IN_USE when older instances don't go that a breaking migration has to wait for.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<void> {
  const { directory, upTo = Infinity } = options;
  const all = await (directory === undefined ? ownMigrations() : readMigrations(directory));
  const known = all.filter(({ number }) => number <= upTo);
  const servers = new DatabaseServers(databaseUrl);
  const client = await connect(servers);
  try {
    // The lock that others wait for would be left behind in somebody else's session.
    const other = await connect(servers);
    try {
      await checkSessions(client, other);
    } finally {
      await other.end();
    }
    await new Migrator(client, known, options).run();
  } finally {
    await client.end();
  }
}

async function connect(servers: DatabaseServers): Promise<WatchedClient> {
  const client = new WatchedClient({
    servers,
    application_name: 'continuo migrate',
    // Nobody waits for one that is gone without a word; what is to be done takes its time, whatever limits the role has.
    options: startWith({
      idle_in_transaction_session_timeout: ABANDONED_MS,
      statement_timeout: 0,
      lock_timeout: 0,
    }),
    connectionTimeoutMillis: 10_000,
  });
  // It takes as long as it takes; that a connection is gone is noticed by TCP's keep-alive.
  client.patienceMs = STATEMENT_MS;
  await client.connect().catch((error: unknown) => {
    const said = asNeedsSessions(error);
    throw said === error ? unreachable(servers.where, error) : said;
  });
  return client;
}

class Migrator {
  readonly #clock: Clock;
  #departed = false;

  constructor(
    private readonly client: WatchedClient,
    private readonly known: readonly Migration[],
    private readonly options: MigrateOptions,
  ) {
    this.#clock = options.clock ?? systemClock;
  }

  async run(): Promise<void> {
    await this.#locked();
    const { pending, unknown } = await judge(this.client, this.known);
    if (unknown.length > 0) {
      const said = 'a newer version has migrated the database; this one gets along with what it added';
      this.options.log?.warn({ migrations: unknown }, said);
    }
    // Nobody uses a database that has nothing yet.
    this.#departed = pending.length === this.known.length;
    try {
      for (const migration of pending) {
        if (migration.breaking && !this.#departed) await this.#othersDepart(pending);
        await (migration.inTransaction ? this.#applyWhole(migration) : this.#applySingly(migration));
        this.options.log?.debug({ migration: migration.name }, 'migrated');
      }
    } catch (error) {
      await takeBackAnnouncements(this.client).catch(() => undefined);
      throw error;
    }
    await this.options.afterwards?.(this.client);
  }

  /** Resolves when no other instance migrates. Whoever waits holds no snapshot, for which CREATE INDEX CONCURRENTLY waits. */
  async #locked(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const tried = await this.client.rows<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        LOCKS.migration,
      ]);
      if (tried[0]?.held === true) return;
      if (tries === TOLD_AFTER_TRIES)
        this.options.log?.info('waiting for another instance, which migrates the database');
      await this.#pause(LOCK_RETRY_MS);
    }
  }

  /** Announces what breaks older instances, and resolves when none of them is there any more. */
  async #othersDepart(pending: readonly Migration[]): Promise<void> {
    const { olderInstances, departureMs = DEPARTURE_MS, log } = this.options;
    const breaking = pending.filter((migration) => migration.breaking);
    const { number, name } = breaking.at(-1) ?? { number: 0, name: '' };
    if (olderInstances === undefined) {
      throw inUse(`${name} has to be applied to the database by a server: start the server of this version first.`);
    }
    await this.client.rows('SELECT pg_advisory_lock($1)', [LOCKS.announcement]);
    for (const migration of breaking) await note(this.client, migration, 'announced');
    const until = this.#clock.now().getTime() + departureMs;
    for (let told = ''; ;) {
      const older = (await olderInstances(this.client, number)).join(', ');
      if (older === '') break;
      if (older !== told) log?.info({ instances: older, migration: name }, 'waiting for older instances to stop');
      told = older;
      if (this.#clock.now().getTime() > until) {
        throw inUse(`Instances of an older version still run, which can't work with ${name}: ${older}. Stop them.`);
      }
      await this.#pause(LOOK_EVERY_MS);
    }
    this.#departed = true;
  }

  /** Throws the signal's reason when nobody waits for the start any more. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.options;
    await this.#clock.sleep(ms, signal).catch(() => signal?.throwIfAborted());
  }

  async #applyWhole(migration: Migration): Promise<void> {
    const onWait = (): void =>
      this.options.log?.info({ migration: migration.name }, 'waiting for a table that is in use');
    const work = async (): Promise<void> => {
      for (const statement of migration.statements) await this.client.rows(statement);
      await note(this.client, migration, 'applied');
    };
    await steppingBack(this.client, work, { clock: this.#clock, onWait }).catch((error: unknown) => {
      throw failed(migration, error);
    });
  }

  /** It has to stand being done again, as nothing takes back what was done before it failed. */
  async #applySingly(migration: Migration): Promise<void> {
    await note(this.client, migration, 'begun');
    try {
      for (const statement of migration.statements) await this.client.rows(statement);
    } catch (error) {
      throw failed(migration, error);
    }
    await note(this.client, migration, 'applied');
  }
}

function failed({ name }: Migration, error: unknown): Error {
  return new Error(`${name} can't be applied: ${messageOf(error)}`, { cause: error });
}

function inUse(message: string): ContinuoError {
  return new ContinuoError('DATABASE_IN_USE', message);
}

/** What PostgreSQL or the network said to the first connection, with what to do about it; never the password. */
export function unreachable(where: string, error: unknown): ContinuoError {
  return new ContinuoError(
    'CONFIG_INVALID',
    `PostgreSQL at ${where} can't be used: ${messageOf(error)}. Check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL out to use the PostgreSQL that Continuo brings.`,
    { cause: error },
  );
}
