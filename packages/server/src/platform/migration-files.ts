/** The numbered SQL of `migrations/`, as this version knows it: with what its first lines say, and a checksum. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

const OWN = new URL('../../migrations/', import.meta.url);

/** One step of the schema, from `NNNN_name.sql`. */
export interface Migration {
  readonly number: number;
  /** The name of its file. */
  readonly name: string;
  /** Older versions, which don't know it, can't work with what it makes. */
  readonly breaking: boolean;
  /** False for what PostgreSQL refuses inside a transaction, as CREATE INDEX CONCURRENTLY. */
  readonly inTransaction: boolean;
  /** SHA-256 of the file, however its lines end. */
  readonly checksum: string;
  /** One text in a transaction; else one for each statement. */
  readonly statements: readonly string[];
}

const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;
const BREAKING = /^-- breaking: (yes|no)$/;
const TRANSACTION = /^-- transaction: no$/;

/** In order. Throws for a file that doesn't say whether it breaks older versions, and for two of one number. */
export async function readMigrations(directory: URL): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(
    names.map(async (name) => toMigration(name, await readFile(new URL(name, directory), 'utf8'))),
  );
  migrations.forEach(({ name, number }, index) => {
    const before = migrations[index - 1];
    if (before?.number === number) throw new Error(`${before.name} and ${name} have the same number.`);
  });
  return migrations;
}

let own: Promise<readonly Migration[]> | undefined;

/**
 * Those that the code which runs here came with: read once, at the start, as an update may put others in their place while
 * the process goes on.
 */
export function ownMigrations(): Promise<readonly Migration[]> {
  own ??= readMigrations(OWN);
  return own;
}

/** The number of the last migration that this version knows; 0 when there is none. */
export async function newestMigration(): Promise<number> {
  return (await ownMigrations()).at(-1)?.number ?? 0;
}

function toMigration(name: string, file: string): Migration {
  if (!FILE.test(name)) throw new Error(`${name}: a migration is named like 0007_some_words.sql.`);
  const sql = file.replaceAll('\r\n', '\n');
  const [first = '', second = ''] = sql.split('\n', 2);
  const [, breaking] = BREAKING.exec(first) ?? [];
  if (breaking === undefined) {
    throw new Error(`${name}: the first line has to be "-- breaking: no", or "-- breaking: yes".`);
  }
  const inTransaction = !TRANSACTION.test(second);
  return {
    number: Number(name.slice(0, 4)),
    name,
    breaking: breaking === 'yes',
    inTransaction,
    checksum: createHash('sha256').update(sql).digest('hex'),
    statements: inTransaction ? [sql] : sql.split(/(?<=;)\n+/).filter((statement) => /\S/.test(statement)),
  };
}
