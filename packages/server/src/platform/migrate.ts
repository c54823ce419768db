/** Applies the numbered SQL of `migrations/`, once each and in order, under a lock that other starting instances wait for. */
import { readFile, readdir } from 'node:fs/promises';
import { systemClock } from './clock.js';
import { ContinuoError, messageOf } from './errors.js';
import { ABANDONED_MS, startWith, WatchedClient } from './watched-client.js';

const directory = new URL('../../migrations/', import.meta.url);
const LOCK = 7_046_029_254;
const LOCK_RETRY_MS = 100;
const STATEMENT_MS = 24 * 60 * 60 * 1000;

interface Migration {
  readonly number: number;
  readonly name: string;
}

/** Resolves when no other instance migrates. Whoever waits holds no snapshot, for which CREATE INDEX CONCURRENTLY waits. */
async function locked(client: WatchedClient): Promise<void> {
  for (;;) {
    const tried = await client.rows<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
    if (tried[0]?.held === true) return;
    await systemClock.sleep(LOCK_RETRY_MS);
  }
}

async function available(): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}_.*\.sql$/.test(file)).toSorted();
  return files.map((name) => ({ number: Number(name.slice(0, 4)), name }));
}

/**
 * Brings the database at `databaseUrl` up to this version's schema.
 * Throws DATABASE_NEWER, having changed nothing, when a newer version has been here before.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const migrations = await available();
  const client = new WatchedClient({
    connectionString: databaseUrl,
    application_name: 'continuo migrate',
    // Nobody waits for one that is gone without a word.
    options: startWith({ idle_in_transaction_session_timeout: ABANDONED_MS }),
    connectionTimeoutMillis: 10_000,
  });
  // It takes as long as it takes; that a connection is gone is noticed by TCP's keep-alive.
  client.patienceMs = STATEMENT_MS;
  await client.connect().catch((error: unknown) => {
    throw unreachable(databaseUrl, error);
  });
  try {
    await locked(client);
    await client.rows(`CREATE TABLE IF NOT EXISTS continuo_migrations (
      number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied = await client.rows<{ number: number }>('SELECT number FROM continuo_migrations ORDER BY number');
    const done = new Set(applied.map((row) => row.number));
    const latest = applied.at(-1)?.number ?? 0;
    const newest = migrations.at(-1)?.number ?? 0;
    if (latest > newest) {
      throw new ContinuoError(
        'DATABASE_NEWER',
        `The database is at migration ${latest}, this version of Continuo knows ${newest}. ` +
          'Start the newer version, or restore a backup made before the upgrade.',
      );
    }
    for (const migration of migrations.filter((candidate) => !done.has(candidate.number))) {
      const sql = await readFile(new URL(migration.name, directory), 'utf8');
      await client.rows('BEGIN');
      await client.rows(sql);
      await client.rows('INSERT INTO continuo_migrations (number, name) VALUES ($1, $2)', [
        migration.number,
        migration.name,
      ]);
      await client.rows('COMMIT');
    }
  } finally {
    await client.end();
  }
}

/** What PostgreSQL or the network said to the first connection, with what to do about it; never the password. */
function unreachable(databaseUrl: string, error: unknown): ContinuoError {
  const { hostname, port, pathname } = new URL(databaseUrl);
  const where = `${hostname}:${port || '5432'}${pathname}`;
  const said =
    messageOf(error) || (error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : 'no answer');
  return new ContinuoError(
    'CONFIG_INVALID',
    `PostgreSQL at ${where} can't be used: ${said}. Check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL out to use the PostgreSQL that Continuo brings.`,
    { cause: error },
  );
}
