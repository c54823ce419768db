/** Backups on a real PostgreSQL: all rows as of one moment, back into an empty database, and into no other. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { readBackup } from '../../../src/platform/backup/read-backup.js';
import { writeBackup, type BackupProgress } from '../../../src/platform/backup/write-backup.js';
import { migrate } from '../../../src/platform/migrate.js';
import { createEmptyDatabase, createTestDatabase } from '../../support/database.js';
import { goldenVersions, loadGolden, readGolden } from '../../support/golden.js';
import { runOn } from '../../support/postgres.js';
import { makeTestDirectory } from '../../support/test-directory.js';
import { until } from '../../support/until.js';

const versions = await goldenVersions();
const odd = 'tab\tline\nslash\\ \\. \\N end\r\n\\.\n"quote" ä 🦔';

let directory: string;
let files = 0;

beforeAll(async () => {
  directory = await makeTestDirectory('backup');
});

function newFile(): string {
  files += 1;
  return join(directory, `${files}.backup`);
}

async function empty(): Promise<string> {
  return (await createEmptyDatabase()).url;
}

const insertSql = `
INSERT INTO sessions (id, tenant, owner, context_id, title, state, created_at, updated_at)
VALUES ($1::uuid, 'acme', 'ada', $1::uuid::text, $2::text, jsonb_build_object('text', $2::text), now(), now())`;

async function addSession(client: pg.Client, title: string): Promise<void> {
  await client.query(insertSql, [newId(), title]);
}

async function onClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every row of every table as text, what is computed included; and what goes with the tables. */
async function contentOf(url: string): Promise<unknown> {
  return onClient(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
    );
    const content: Record<string, unknown> = {};
    for (const { name } of tables) {
      const { rows } = await client.query(`SELECT t::text AS row FROM ${pg.escapeIdentifier(name)} t ORDER BY 1`);
      content[name] = rows.map(({ row }) => row as string);
    }
    const { rows: triggers } = await client.query(
      `SELECT tgrelid::regclass::text AS "table", tgname AS name, tgenabled AS enabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
    );
    const { rows: keys } = await client.query(
      `SELECT conrelid::regclass::text AS "table", conname AS name, pg_get_constraintdef(oid) AS definition, convalidated
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    );
    return { content, triggers, keys };
  });
}

describe('a backup', () => {
  it('is restored as it was, whatever is in its rows', async () => {
    const { url } = await createTestDatabase();
    await onClient(url, async (client) => {
      await addSession(client, odd);
      await addSession(client, 'x'.repeat(3_000_000));
      // A trigger writes down that it was made: once.
      await client.query(
        `INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, created_at, updated_at)
         VALUES ($1, 'acme', 'ada', 'https://example.com/hook', '{statusUpdate}', now(), now())`,
        [newId()],
      );
      const note = `INSERT INTO audit_log (tenant, owner, action, subject, details) VALUES ('acme', 'ada', 'test', $1, '{}')`;
      for (let times = 0; times < 3; times += 1) await client.query(note, [odd]);
    });
    const file = newFile();
    const progress: BackupProgress[] = [];
    const written = await writeBackup(url, file, (one) => progress.push(one));
    expect(progress.at(-1)?.bytes).toBeGreaterThan(3_000_000);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const target = await empty();
    expect(await readBackup(target, file)).toMatchObject({ at: written.at, rows: written.rows });
    expect(await contentOf(target)).toEqual(await contentOf(url));
    // Who comes next gets a number of its own.
    const next = `SELECT nextval('audit_log_id_seq')::int AS n`;
    expect(await runOn(target, next)).toEqual(await runOn(url, next));
  });

  it.each(versions)('of a database that %s left is restored with its schema, and goes on', async (version) => {
    const source = await empty();
    await loadGolden(await readGolden(version), source);
    const file = newFile();
    await writeBackup(source, file);
    const target = await empty();
    await readBackup(target, file);
    expect(await contentOf(target)).toEqual(await contentOf(source));
    await migrate(target, { olderInstances: async () => [] });
    expect(await runOn(target, `SELECT count(*)::int AS n FROM pg_tables WHERE tablename = 'task_pages'`)).toEqual([
      { n: 1 },
    ]);
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const { url } = await createTestDatabase();
    const file = newFile();
    await onClient(url, async (client) => {
      await addSession(client, 'before');
      await client.query('BEGIN');
      await client.query('LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE');
      await addSession(client, 'meanwhile');
      const backup = writeBackup(url, file);
      await until(
        async () => {
          const sql = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'continuo backup' AND wait_event_type = 'Lock'`;
          return (await runOn<{ n: number }>(url, sql))[0]?.n === 1;
        },
        { what: 'the backup to come to its first table' },
      );
      await client.query('COMMIT');
      await backup;
    });
    const target = await empty();
    await readBackup(target, file);
    expect(await runOn(target, 'SELECT title FROM sessions')).toEqual([{ title: 'before' }]);
  });

  it('is refused of a database in which Continuo has not been', async () => {
    const file = newFile();
    await expect(writeBackup(await empty(), file)).rejects.toThrow('no Continuo has been here');
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('is refused of a database with migrations that this version does not know', async () => {
    const { url } = await createTestDatabase();
    await runOn(
      url,
      `INSERT INTO continuo_migrations (number, name, checksum, breaking) VALUES (9999, '9999_later.sql', 'x', false)`,
    );
    await expect(writeBackup(url, newFile())).rejects.toThrow(
      '9999_later.sql, which this version of Continuo does not know',
    );
  });

  it('overwrites nothing, and leaves nothing behind that is not whole', async () => {
    const { url } = await createTestDatabase();
    const file = newFile();
    await writeFile(`${file}.partial`, 'of somebody else');
    await expect(writeBackup(url, file)).rejects.toThrow('EEXIST');
    expect(await readFile(`${file}.partial`, 'utf8')).toBe('of somebody else');
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

describe('a restore', () => {
  let file: string;

  beforeAll(async () => {
    file = newFile();
    await writeBackup((await createTestDatabase()).url, file);
  });

  it.each([
    ['a table of somebody', 'CREATE TABLE notes (id int)'],
    ['a view of somebody', 'CREATE VIEW notes AS SELECT 1 AS id'],
  ])('is refused by a database that has %s, which is left as it is', async (_, statement) => {
    const target = await empty();
    await runOn(target, statement);
    await expect(readBackup(target, file)).rejects.toThrow('The database is not empty: it has notes.');
    expect(
      await runOn(target, `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    ).toEqual([{ n: 1 }]);
  });

  it('is refused by a database in which Continuo has been', async () => {
    await expect(readBackup((await createTestDatabase()).url, file)).rejects.toThrow('The database is not empty');
  });

  const changed = async (change: (text: string) => string): Promise<string> => {
    const path = newFile();
    await writeFile(path, gzipSync(change(gunzipSync(await readFile(file)).toString())));
    return path;
  };

  it.each([
    ['something else', () => 'hello\n', 'it begins in another way'],
    ['one that lacks its end', (text: string) => text.slice(0, text.lastIndexOf('-- end')), 'it is cut off'],
    ['one that lacks a row', (text: string) => text.replace(/\n1\t0001_[^\n]*/, ''), 'it has other rows than it says'],
    [
      'one of a newer version',
      (text: string) => text.replace('0001_', '0099_'),
      'which this version of Continuo does not know',
    ],
    [
      'one with a broken first line',
      (text: string) => text.replace('{', '{{'),
      /\.backup, line 1: expected "-- continuo-backup " and JSON behind it \(with `version`.*\), but that is no JSON/,
    ],
    [
      'one whose first line lacks something',
      (text: string) => text.replace('"tables":', '"tablets":'),
      /\.backup, line 1: expected .* but tables: expected/,
    ],
    [
      'one with a broken last line',
      (text: string) => text.replace(/}\n$/, '\n'),
      /\.backup, line \d+: expected "-- end of continuo-backup " and JSON behind it \(with `rows`\), but that is no JSON/,
    ],
    ['one of a newer format', (text: string) => text.replace('"version":1', '"version":2'), 'of a newer version'],
  ])('is refused of %s, and the database stays empty', async (_, change, said) => {
    const target = await empty();
    await expect(readBackup(target, await changed(change))).rejects.toThrow(said);
    expect(
      await runOn(target, `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    ).toEqual([{ n: 0 }]);
  });

  it('is refused of a file whose second half is missing, and of one that is not compressed', async () => {
    const [half, plain] = [newFile(), newFile()];
    const whole = await readFile(file);
    await writeFile(half, whole.subarray(0, whole.length / 2));
    await writeFile(plain, 'hello');
    const target = await empty();
    for (const path of [half, plain]) {
      await expect(readBackup(target, path)).rejects.toThrow('This is no backup that `continuo backup` has written');
    }
    await readBackup(target, file);
  });

  it('that breaks off leaves no row', async () => {
    const target = await empty();
    // A row too many columns for what PostgreSQL takes: found out when it is stored.
    const bad = await changed((text) => text.replace(/(COPY "commit_epochs"[^\n]*\n)1\t/, '$1one\t'));
    await expect(readBackup(target, bad)).rejects.toThrow(/The restore broke off: .*"one"/);
    expect(await runOn(target, 'SELECT count(*)::int AS n FROM sessions')).toEqual([{ n: 0 }]);
    await expect(readBackup(target, file)).rejects.toThrow('The database is not empty');
  });
});
