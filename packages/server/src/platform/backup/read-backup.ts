/** Fills an empty database from a backup: all of it, or nothing. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { inWords } from '@continuo/agent/internal/platform/parse.js';
import { migrate } from '../migrate.js';
import { ownMigrations, type Migration } from '../migration-files.js';
import type { WatchedClient } from '../watched-client.js';
import { BackupReader, broken } from './backup-reader.js';
import { anythingIn, foreignKeysOf, tablesOf } from './catalog.js';
import { connected, prepare } from './connection.js';
import {
  BackupRefusedError,
  beginning,
  count,
  END,
  endSchema,
  FORMAT_VERSION,
  HEAD,
  headSchema,
  quoted,
  versionSchema,
  withColumns,
  type BackupHead,
  type BackupTable,
} from './format.js';
import type { BackupProgress } from './write-backup.js';

const LINE_END = 10;

export interface RestoredBackup {
  /** ISO 8601: the moment that the backup is of. */
  readonly at: string;
  readonly tables: number;
  readonly rows: number;
  /** The last migration that the database has: that of the backup. A newer version goes on from there when it starts. */
  readonly schema: string;
}

/**
 * Reads the file to its end before anything is made of it. What was open goes on as soon as a server starts on the database.
 * Throws BackupRefusedError for a database that isn't empty, for a file that is no backup or is cut off, and for one of a
 * newer version; CONFIG_INVALID when the database isn't reached. All of them leave it as it was.
 */
export async function readBackup(
  databaseUrl: string,
  file: string,
  onProgress: (progress: BackupProgress) => void = () => undefined,
): Promise<RestoredBackup> {
  const { head, rows } = await checked(file);
  const migrations = await migrationsOf(head);
  await connected(databaseUrl, refuseFilled);
  const last = migrations.at(-1);
  await migrate(databaseUrl, {
    upTo: last?.number ?? 0,
    // No server begins anything on it meanwhile.
    afterwards: async (client) => {
      await prepare(client);
      await fill(client, { file, head, migrations, onProgress }).catch((error: unknown) => {
        throw new BackupRefusedError(
          `The restore broke off: ${messageOf(error)}. The database has the tables and nothing in them; make a new one for the next try.`,
          { cause: error },
        );
      });
    },
  });
  return { at: head.at, tables: head.tables.length, rows: count(rows), schema: last?.name ?? '' };
}

interface Checked {
  readonly head: BackupHead;
  readonly rows: readonly number[];
}

async function checked(file: string): Promise<Checked> {
  const reader = BackupReader.of(file);
  try {
    const head = await headOf(reader, file);
    const rows: number[] = [];
    for (const table of head.tables) {
      await expectTable(reader, table);
      let found = 0;
      for await (const piece of reader.rows()) found += linesIn(piece);
      rows.push(found);
    }
    // A table's rows stand between a line that names it and one that ends them.
    const place = { file, line: 2 + 2 * rows.length + count(rows) };
    const end = inLine(await reader.line(), END, endSchema, place);
    if (end.rows.join() !== rows.join()) throw broken('it has other rows than it says');
    return { head, rows };
  } finally {
    await reader.close();
  }
}

async function headOf(reader: BackupReader, file: string): Promise<BackupHead> {
  const line = await reader.line();
  if (!line.startsWith(HEAD)) throw broken('it begins in another way');
  const place = { file, line: 1 };
  const { version } = inLine(line, HEAD, versionSchema, place);
  if (version === FORMAT_VERSION) return inLine(line, HEAD, headSchema, place);
  throw new BackupRefusedError(`The backup is of a newer version of Continuo: restore it with that version.`);
}

/** What a line of ours says behind `mark`. Throws BackupRefusedError that names the place and what was expected there. */
function inLine<Said>(
  line: string,
  mark: string,
  schema: z.ZodType<Said>,
  { file, line: number }: { readonly file: string; readonly line: number },
): Said {
  const refuse = (found: string, cause?: unknown): never => {
    const expected = `expected "${mark}" and JSON behind it (${schema.description})`;
    throw broken(`${file}, line ${number}: ${expected}, but ${found}. Take another copy of it`, cause);
  };
  if (!line.startsWith(mark)) return refuse(`it begins with ${JSON.stringify(line.slice(0, mark.length))}`);
  let json: unknown;
  try {
    json = JSON.parse(line.slice(mark.length));
  } catch (error) {
    return refuse(`that is no JSON: ${messageOf(error)}`, error);
  }
  const said = schema.safeParse(json);
  return said.success ? said.data : refuse(inWords(said.error));
}

async function expectTable(reader: BackupReader, table: BackupTable): Promise<void> {
  if ((await reader.line()) !== beginning(table))
    throw broken(`the rows of ${table.name} are not where they should be`);
}

function linesIn(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(LINE_END); at >= 0; at = piece.indexOf(LINE_END, at + 1)) lines += 1;
  return lines;
}

/** Those that the backup's database had: the first ones of this version, none other. */
async function migrationsOf({ migrations }: BackupHead): Promise<readonly Migration[]> {
  const known = (await ownMigrations()).slice(0, migrations.length);
  const other = migrations.find(
    ({ name, checksum }, at) => known[at]?.name !== name || known[at].checksum !== checksum,
  );
  if (other === undefined) return known;
  throw new BackupRefusedError(
    `The backup has ${other.name}, which this version of Continuo does not know: restore it with the version that wrote it, or a newer one.`,
  );
}

async function refuseFilled(client: WatchedClient): Promise<void> {
  const found = await anythingIn(client);
  if (found === undefined) return;
  throw new BackupRefusedError(
    `The database is not empty: it has ${found}. Make an empty one and name it in DATABASE_URL; or, without DATABASE_URL, a new directory in CONTINUO_DATA_DIR. Nothing was changed.`,
  );
}

interface Filling {
  readonly file: string;
  readonly head: BackupHead;
  readonly migrations: readonly Migration[];
  readonly onProgress: (progress: BackupProgress) => void;
}

/** Neither triggers nor foreign keys see the rows come: what they would do was done when the rows were made. */
async function fill(client: WatchedClient, { file, head, migrations, onProgress }: Filling): Promise<void> {
  const tables = await tablesOf(client, migrations);
  if (JSON.stringify(tables) !== JSON.stringify(head.tables)) throw broken('its tables are not those of its version');
  const names = tables.map(({ name }) => quoted(name));
  const keys = await foreignKeysOf(client, migrations);
  await client.rows('BEGIN');
  for (const { table, name } of keys) {
    await client.rows(`ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`);
  }
  for (const name of names) await client.rows(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  // What the migrations have put there is in the backup, too.
  await client.rows(`TRUNCATE ${names.join(', ')}`);
  await fillTables(client, file, onProgress);
  for (const { name, last } of head.sequences) {
    await client.rows('SELECT setval($1::regclass, $2::bigint)', [quoted(name), last]);
  }
  for (const name of names) await client.rows(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  for (const { table, name, definition } of keys) {
    await client.rows(`ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} ${definition}`);
  }
  await client.rows('COMMIT');
  await client.rows(`ANALYZE ${names.join(', ')}`);
}

async function fillTables(
  client: WatchedClient,
  file: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  const reader = BackupReader.of(file);
  try {
    const { tables } = await headOf(reader, file);
    let bytes = 0;
    for (const table of tables) {
      await expectTable(reader, table);
      const told = async function* (): AsyncGenerator<Buffer> {
        for await (const piece of reader.rows()) {
          bytes += piece.length;
          onProgress({ table: table.name, bytes });
          yield piece;
        }
      };
      const copy: CopyStreamQuery = client.query(copyFrom(`COPY ${withColumns(table)} FROM STDIN`));
      await pipeline(Readable.from(told(), { objectMode: false }), copy);
    }
  } finally {
    await reader.close();
  }
}
