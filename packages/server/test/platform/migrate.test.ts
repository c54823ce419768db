/** Migrations: once each and in order, never over something that this version doesn't understand. */
import pg from 'pg';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { afterThisTest } from '../support/outcome.js';
import { onlyMigrations } from '../support/migrations-directory.js';
import { databaseUrl, runOn } from '../support/postgres.js';
import { until } from '../support/until.js';

const first = '-- breaking: yes\nCREATE TABLE notes (id int PRIMARY KEY, text text NOT NULL);\n';
const second = '-- breaking: no\nALTER TABLE notes ADD COLUMN at timestamptz NOT NULL DEFAULT now();\n';
const third = '-- breaking: yes\nALTER TABLE notes RENAME COLUMN text TO words;\n';
const old = { '0001_first.sql': first };
const added = { ...old, '0002_second.sql': second };
const broken = { ...added, '0003_third.sql': third };

let url: string;

/** An empty database. */
beforeEach(async () => {
  const { serverUrl, template } = inject('postgres');
  const name = `${template}_migrate_${newId().replaceAll('-', '')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  afterThisTest(async () => void (await runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
  url = databaseUrl(serverUrl, name);
});

const migrateTo = async (texts: Readonly<Record<string, string>>, options = {}): Promise<void> =>
  migrate(url, { directory: await onlyMigrations(texts), ...options });
const applied = async (): Promise<readonly string[]> => {
  const rows = await runOn<{ name: string }>(
    url,
    `SELECT name FROM continuo_migrations WHERE state = 'applied' ORDER BY number`,
  );
  return rows.map(({ name }) => name);
};
const columns = async (): Promise<readonly string[]> => {
  const rows = await runOn<{ column_name: string }>(
    url,
    `SELECT column_name FROM information_schema.columns WHERE table_name = 'notes' ORDER BY 1`,
  );
  return rows.map((row) => row.column_name);
};

describe('a database with rows', () => {
  it('keeps them, and gets what is new', async () => {
    await migrateTo(old);
    await runOn(url, `INSERT INTO notes VALUES (1, 'kept')`);
    await migrateTo(broken, { olderInstances: () => Promise.resolve([]) });
    expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql', '0003_third.sql']);
    expect(await runOn(url, 'SELECT id, words FROM notes WHERE at IS NOT NULL')).toEqual([{ id: 1, words: 'kept' }]);
  });

  it('is as it was when a migration fails, and goes on when it is mended', async () => {
    await migrateTo(old);
    const wrong = { ...old, '0002_second.sql': `${second}INSERT INTO notes VALUES ('x');\n` };
    await expect(migrateTo(wrong)).rejects.toThrow(/0002_second\.sql can't be applied: .*integer/);
    expect(await columns()).toEqual(['id', 'text']);
    await migrateTo(added);
    expect(await columns()).toEqual(['at', 'id', 'text']);
  });

  it('is migrated for as long as that takes, whatever limits its role or database has', async () => {
    const limits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    const name = new URL(url).pathname.slice(1);
    for (const limit of limits) await runOn(url, `ALTER DATABASE ${name} SET ${limit} = '50ms'`);
    const long = { ...old, '0002_long.sql': '-- breaking: no\nSELECT pg_sleep(0.3);\n' };
    await migrateTo(long);
    expect(await applied()).toEqual(['0001_first.sql', '0002_long.sql']);
    const index = '-- breaking: no\n-- transaction: no\nSELECT pg_sleep(0.3);\n';
    await migrateTo({ ...long, '0003_index.sql': index });
    expect(await applied()).toContain('0003_index.sql');
  });

  it('waits for a table that is in use without making others wait', async () => {
    await migrateTo(old);
    const holder = new pg.Client(url);
    await holder.connect();
    await holder.query('BEGIN; SELECT FROM notes');
    const said: unknown[] = [];
    const note = (...entry: unknown[]): void => void said.push(entry);
    const migrating = migrateTo(added, { log: { info: note, debug: note } });
    await until(() => JSON.stringify(said).includes('waiting for a table'), { what: 'it to have tried in vain' });
    await runOn(url, `INSERT INTO notes VALUES (1, 'meanwhile')`);
    await holder.end();
    await migrating;
    expect(await columns()).toEqual(['at', 'id', 'text']);
  });
});

describe('a migration outside of a transaction', () => {
  const concurrent = '-- breaking: no\n-- transaction: no\n-- Found by its words.\n';
  const drop = 'DROP INDEX CONCURRENTLY IF EXISTS notes_by_text;\n';
  const create = 'CREATE UNIQUE INDEX CONCURRENTLY notes_by_text\n  ON notes (text);\n';

  it('may make indexes concurrently, and is done again when it failed half-way', async () => {
    await migrateTo(old);
    await runOn(url, `INSERT INTO notes VALUES (1, 'twice'), (2, 'twice')`);
    const version = { ...old, '0002_index.sql': concurrent + drop + create };
    await expect(migrateTo(version)).rejects.toThrow(/0002_index\.sql can't be applied/);
    expect(await applied()).toEqual(['0001_first.sql']);
    await runOn(url, `UPDATE notes SET text = 'once' WHERE id = 2`);
    await migrateTo(version);
    expect(await applied()).toEqual(['0001_first.sql', '0002_index.sql']);
    expect(await runOn(url, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes_by_text'::regclass`)).toEqual([
      { indisvalid: true },
    ]);
  });
});

describe('a database that a newer version has migrated', () => {
  it('is used when that breaks nothing', async () => {
    await migrateTo(added);
    const said: unknown[] = [];
    const log = { warn: (...entry: unknown[]) => said.push(entry) };
    await migrateTo(old, { log });
    expect(JSON.stringify(said)).toContain('0002_second.sql');
    expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql']);
  });

  it('is refused when that breaks older versions, by name', async () => {
    await migrateTo(broken);
    const refused = migrateTo(old);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
    await expect(refused).rejects.toThrow(/0003_third\.sql.*Start the newer version/);
  });

  it('is refused when it is not known what that was', async () => {
    await migrateTo(old);
    await runOn(url, `INSERT INTO continuo_migrations (number, name) VALUES (9, '0009_later.sql')`);
    await expect(migrateTo(added)).rejects.toThrow(/0009_later\.sql/);
    expect(await columns()).toEqual(['id', 'text']);
  });

  it('is refused when each has something that the other lacks', async () => {
    await migrateTo({ ...old, '0003_other.sql': second });
    const refused = migrateTo(added);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_MISMATCH' });
    await expect(refused).rejects.toThrow(/0003_other\.sql.*0002_second\.sql/);
  });
});

describe('what was applied stays as it is', () => {
  it.each([
    ['changed', { ...added, '0002_second.sql': `${second}-- and a word\n` }, /0002_second\.sql was changed/],
    ['renamed', { ...old, '0002_other.sql': second }, /has 0002_second\.sql where .* has 0002_other\.sql/],
    ['flagged otherwise', { ...added, '0002_second.sql': second.replace('no', 'yes') }, /0002_second\.sql was changed/],
  ])('and is refused when it was %s', async (_what, texts, message) => {
    await migrateTo(added);
    const refused = migrateTo({ ...texts, '0003_third.sql': third });
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_MISMATCH' });
    await expect(refused).rejects.toThrow(message);
    expect(await applied()).toEqual(['0001_first.sql', '0002_second.sql']);
  });

  it('however its lines end', async () => {
    await migrateTo(added);
    await migrateTo(
      { ...broken, '0002_second.sql': second.replaceAll('\n', '\r\n') },
      {
        olderInstances: () => Promise.resolve([]),
      },
    );
    expect(await columns()).toEqual(['at', 'id', 'words']);
  });
});

it('refuses a database of before 0.1.0, and leaves it as it is', async () => {
  await runOn(
    url,
    `CREATE TABLE continuo_migrations (
       number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
     INSERT INTO continuo_migrations (number, name) VALUES (1, '0001_foundation.sql')`,
  );
  const refused = migrate(url);
  await expect(refused).rejects.toMatchObject({ code: 'DATABASE_MISMATCH' });
  await expect(refused).rejects.toThrow(/Use an empty database/);
  expect(await runOn(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
    { tablename: 'continuo_migrations' },
  ]);
});

describe('a migration says of itself', () => {
  it.each([
    ['nothing', { '0001_first.sql': 'CREATE TABLE a ();' }, /0001_first\.sql: the first line has to be/],
    ['something else', { '0001_first.sql': '-- breaking: perhaps\n' }, /0001_first\.sql: the first line has to be/],
    [
      'the same number',
      { ...old, '0001_other.sql': second },
      /0001_first\.sql and 0001_other\.sql have the same number/,
    ],
    ['no number', { 'first.sql': first }, /first\.sql: a migration is named like/],
  ])('%s, and is refused', async (_what, texts, message) => {
    await expect(migrateTo(texts)).rejects.toThrow(message);
  });
});

describe('a migration that breaks older versions', () => {
  it('waits until no older instance is left, and is announced meanwhile', async () => {
    await migrateTo(added);
    let older = ['one', 'two'];
    const asked: number[] = [];
    const announced: unknown[] = [];
    await migrateTo(broken, {
      olderInstances: async (_client: unknown, number: number) => {
        asked.push(number);
        announced.push(...(await runOn(url, `SELECT name FROM continuo_migrations WHERE state = 'announced'`)));
        older = older.slice(1);
        return older;
      },
    });
    expect(asked).toEqual([3, 3]);
    expect(announced).toEqual([{ name: '0003_third.sql' }, { name: '0003_third.sql' }]);
    expect(await columns()).toEqual(['at', 'id', 'words']);
  });

  it('is not applied while one does not go, and older ones may come again', async () => {
    await migrateTo(added);
    const refused = migrateTo(broken, { olderInstances: () => Promise.resolve(['host 7']), departureMs: 0 });
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
    await expect(refused).rejects.toThrow(/0003_third\.sql: host 7\. Stop them/);
    expect(await columns()).toEqual(['at', 'id', 'text']);
    await migrateTo(added);
  });

  it('is not applied by whoever can not tell who else is there', async () => {
    await migrateTo(added);
    await expect(migrateTo(broken)).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
    expect(await columns()).toEqual(['at', 'id', 'text']);
  });

  it('goes through on a database that has nothing yet', async () => {
    await migrateTo(broken);
    expect(await columns()).toEqual(['at', 'id', 'words']);
  });
});
