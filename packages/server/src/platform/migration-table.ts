/** The table `continuo_migrations`: what was done to this database, and whether this version may work with that. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Migration } from './migration-files.js';

/** `announced`: it comes as soon as the older instances are gone; `begun`: outside of a transaction, perhaps in part. */
type MigrationState = 'announced' | 'begun' | 'applied';

interface MigrationRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
  readonly state: MigrationState;
}

/** The statements of one connection. */
export interface MigrationClient {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What this version makes of a database that others have migrated. */
export interface Judgement {
  /** What is still to be done, in order. */
  readonly pending: readonly Migration[];
  /** What newer versions have done, which this one gets along with. */
  readonly unknown: readonly string[];
}

const columnsSql = `
SELECT attname AS name FROM pg_attribute
WHERE attrelid = to_regclass('continuo_migrations') AND attnum > 0 AND NOT attisdropped`;

// A row that says nothing of itself is of a migration that older versions can't work with.
const tableSql = `
CREATE TABLE IF NOT EXISTS continuo_migrations (
  number int PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL DEFAULT '',
  breaking boolean NOT NULL DEFAULT true,
  state text NOT NULL DEFAULT 'applied' CHECK (state IN ('announced', 'begun', 'applied')),
  at timestamptz NOT NULL DEFAULT now()
)`;

const rowsSql = 'SELECT number, name, checksum, breaking, state FROM continuo_migrations';

const noteSql = `
INSERT INTO continuo_migrations (number, name, checksum, breaking, state) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (number) DO UPDATE
SET name = excluded.name, checksum = excluded.checksum, breaking = excluded.breaking, state = excluded.state, at = now()`;

/**
 * Reads the table, or makes it; to be called by the holder of LOCKS.migration. Throws DATABASE_NEWER or DATABASE_MISMATCH for
 * a database that this version must leave alone; nothing was changed then.
 */
export async function judge(client: MigrationClient, known: readonly Migration[]): Promise<Judgement> {
  const columns = await client.rows<{ name: string }>(columnsSql);
  if (columns.length > 0 && !columns.some(({ name }) => name === 'checksum')) throw tooOld();
  if (columns.length === 0) await client.rows(tableSql);
  // Whoever announced something has given up: the lock is held by another one now.
  await takeBackAnnouncements(client);
  return judgeRows(await client.rows<MigrationRow>(rowsSql), known);
}

/** What the table says, without making it; nothing where there is none. Throws DATABASE_MISMATCH for one that is too old. */
export async function readRows(client: MigrationClient): Promise<readonly MigrationRow[]> {
  const columns = await client.rows<{ name: string }>(columnsSql);
  if (columns.length > 0 && !columns.some(({ name }) => name === 'checksum')) throw tooOld();
  return columns.length === 0 ? [] : client.rows<MigrationRow>(rowsSql);
}

/** Throws DATABASE_NEWER or DATABASE_MISMATCH for a database that this version must leave alone. */
export function judgeRows(rows: readonly MigrationRow[], known: readonly Migration[]): Judgement {
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const migration of known) {
    const row = byNumber.get(migration.number);
    if (row?.state === 'applied' && (row.name !== migration.name || row.checksum !== migration.checksum)) {
      throw changed(row.name, migration.name);
    }
  }
  const unknown = rows.filter((row) => !known.some(({ number }) => number === row.number));
  const breaking = unknown.find((row) => row.breaking);
  if (breaking !== undefined) throw newer(breaking.name);
  const pending = known.filter(({ number }) => byNumber.get(number)?.state !== 'applied');
  const [first] = unknown;
  const [lacking] = pending;
  if (first !== undefined && lacking !== undefined) throw parted(first.name, lacking.name);
  return { pending, unknown: unknown.map(({ name }) => name) };
}

export async function note(client: MigrationClient, migration: Migration, state: MigrationState): Promise<void> {
  const { number, name, checksum, breaking } = migration;
  await client.rows(noteSql, [number, name, checksum, breaking, state]);
}

/** Nothing is about to come any more. */
export async function takeBackAnnouncements(client: MigrationClient): Promise<void> {
  await client.rows(`DELETE FROM continuo_migrations WHERE state = 'announced'`);
}

/** The database has `migration`, or is about to get it, which this version doesn't know and can't work with. */
export function newer(migration: string): ContinuoError {
  return new ContinuoError(
    'DATABASE_NEWER',
    `The database was migrated by a newer version of Continuo: this one does not know ${migration} and can't work with it. ` +
      'Start the newer version, or restore a backup made before the upgrade.',
  );
}

function changed(applied: string, known: string): ContinuoError {
  const what =
    applied === known
      ? `${applied} was changed after it had been applied to this database.`
      : `The database has ${applied} where this version of Continuo has ${known}.`;
  return new ContinuoError(
    'DATABASE_MISMATCH',
    `${what} A migration that was applied anywhere stays as it is: put the file back, and the change into a new one.`,
  );
}

function parted(unknown: string, lacking: string): ContinuoError {
  return new ContinuoError(
    'DATABASE_MISMATCH',
    `The database has ${unknown}, which this version of Continuo does not know, and lacks ${lacking}, which it has: they ` +
      'are of different lines of development. Start the version that made the database, or use another database.',
  );
}

function tooOld(): ContinuoError {
  return new ContinuoError(
    'DATABASE_MISMATCH',
    'The database was made by a development version of Continuo from before 0.1.0, and there is no way from there to this ' +
      'version. Use an empty database: another DATABASE_URL or, with the PostgreSQL that Continuo brings, another ' +
      'CONTINUO_DATA_DIR. Nothing was changed.',
  );
}
