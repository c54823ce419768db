/** Writes all that a database holds of Continuo's, as of one moment, while servers go on. */
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { to as copyTo, type CopyToStreamQuery } from 'pg-copy-streams';
import { ownMigrations, type Migration } from '../migration-files.js';
import { readRows } from '../migration-table.js';
import type { WatchedClient } from '../watched-client.js';
import { sequencesOf, tablesOf } from './catalog.js';
import { connected } from './connection.js';
import {
  BackupRefusedError,
  beginning,
  count,
  END,
  END_OF_ROWS,
  FORMAT_VERSION,
  HEAD,
  withColumns,
  type BackupEnd,
  type BackupHead,
} from './format.js';

export interface BackupProgress {
  readonly table: string;
  /** Bytes of rows so far, as text. */
  readonly bytes: number;
}

export interface WrittenBackup {
  /** ISO 8601: the moment as of which everything is. */
  readonly at: string;
  readonly tables: number;
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
}

/**
 * `file` must not be there; until all is written it is called `<file>.partial`. Holds a few hundred KiB, however much there is.
 * Throws BackupRefusedError when there is nothing to back up, and for a database of a newer version; CONFIG_INVALID when it
 * isn't reached.
 */
export async function writeBackup(
  databaseUrl: string,
  file: string,
  onProgress: (progress: BackupProgress) => void = () => undefined,
): Promise<WrittenBackup> {
  return connected(databaseUrl, async (client) => {
    await client.rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const head = await readHead(client);
    const rows: number[] = [];
    const partial = `${file}.partial`;
    const text = Readable.from(textOf(client, head, rows, onProgress), { objectMode: false });
    try {
      await pipeline(text, createGzip(), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
      await rename(partial, file);
    } catch (error) {
      const isOthers = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (!isOthers) await rm(partial, { force: true });
      throw error;
    }
    return { at: head.at, tables: head.tables.length, rows: count(rows), bytes: (await stat(file)).size };
  });
}

async function* textOf(
  client: WatchedClient,
  head: BackupHead,
  rows: number[],
  onProgress: (progress: BackupProgress) => void,
): AsyncGenerator<string | Buffer> {
  yield `${HEAD}${JSON.stringify(head)}\n`;
  let bytes = 0;
  for (const table of head.tables) {
    yield `${beginning(table)}\n`;
    const copy: CopyToStreamQuery = client.query(copyTo(`COPY ${withColumns(table)} TO STDOUT`));
    for await (const chunk of copy as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      onProgress({ table: table.name, bytes });
      yield chunk;
    }
    rows.push(copy.rowCount);
    yield END_OF_ROWS;
  }
  const end: BackupEnd = { rows };
  yield `${END}${JSON.stringify(end)}\n`;
}

const momentSql = `SELECT to_json(now()) #>> '{}' AS at`;

async function readHead(client: WatchedClient): Promise<BackupHead> {
  const migrations = await appliedIn(client);
  const [moment] = await client.rows<{ at: string }>(momentSql);
  return {
    version: FORMAT_VERSION,
    at: moment?.at ?? '',
    migrations: migrations.map(({ name, checksum }) => ({ name, checksum })),
    tables: await tablesOf(client, migrations),
    sequences: await sequencesOf(client, migrations),
  };
}

/** The migrations of this version that the database has: all that it has. */
async function appliedIn(client: WatchedClient): Promise<readonly Migration[]> {
  const known = await ownMigrations();
  const rows = (await readRows(client)).filter(({ state }) => state !== 'announced');
  if (rows.length === 0) throw new BackupRefusedError('There is nothing to back up: no Continuo has been here.');
  const unknown = rows.find(
    (row) => !known.some(({ name, checksum }) => row.name === name && row.checksum === checksum),
  );
  if (unknown !== undefined) {
    throw new BackupRefusedError(
      `The database has ${unknown.name}, which this version of Continuo does not know: back it up with the version that runs on it.`,
    );
  }
  return known.filter(({ number }) => rows.some((row) => row.number === number));
}
