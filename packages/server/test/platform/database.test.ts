/** Who gets a connection: a transaction asks for nothing beside its own, and nobody waits for what takes its time. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { startSlowProxy } from '../support/slow-proxy.js';
import { until } from '../support/until.js';

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
});

afterAll(() => database.close());

describe('inside a transaction', () => {
  it.each([
    ['a query', () => database.query('SELECT 1')],
    ['a prepared statement', () => database.prepared('one', 'SELECT 1', [])],
    ['another transaction', () => database.transaction((client) => client.query('SELECT 1'))],
  ])('%s beside it is refused, and nothing waits', async (_, beside) => {
    const both = database.transaction(async (client) => {
      await client.query('SELECT 1');
      await beside();
    });
    await expect(both).rejects.toThrow('A second connection was asked for while a transaction is open');
    expect(await database.transaction((client) => client.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });
});

describe('statements that take their time', () => {
  const LOCK = 4712;

  it('are as many as there are, and those that do not still have a connection', async () => {
    const { url } = await createTestDatabase();
    const busy = new Database(url, { poolSize: 4, log: createLog('silent') });
    const holder = new pg.Client(url);
    await holder.connect();
    try {
      await holder.query('SELECT pg_advisory_lock($1)', [LOCK]);
      const wait = () =>
        busy.patient.query<{ n: number }>('SELECT 1 AS n FROM pg_advisory_xact_lock_shared($1)', [LOCK]);
      const waiting = Array.from({ length: 6 }, wait);
      const own = '(SELECT oid FROM pg_database WHERE datname = current_database())';
      const stuck = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = ${own}`;
      await until(async () => (await holder.query(stuck)).rows.length >= 3, { what: 'them to be under way' });
      await busy.ping();
      expect(await busy.transaction((client) => client.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
      await holder.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      expect(await Promise.all(waiting)).toEqual(waiting.map(() => [{ n: 1 }]));
    } finally {
      await holder.end();
      await busy.close();
    }
  });
});

it('what a transaction leaves behind may ask when that is over', async () => {
  let over: () => void = () => undefined;
  const later = new Promise<void>((resolve) => (over = resolve));
  let left: Promise<unknown> = Promise.resolve();
  await database.transaction(async () => {
    left = later.then(() => database.query('SELECT 1 AS one'));
  });
  over();
  expect(await left).toEqual([{ one: 1 }]);
});

it('a large statement may arrive slowly: its transaction is not idle meanwhile', async () => {
  const { url } = await createTestDatabase();
  const slow = new Database(await startSlowProxy(url, 2_000_000), { poolSize: 2, log: createLog('silent') });
  try {
    const length = (text: string) => slow.prepared('length', 'SELECT length($1) AS length', [text]);
    expect(await length('x'.repeat(1_100_000))).toEqual([{ length: 1_100_000 }]);
    expect(await length('x'.repeat(6_000_000))).toEqual([{ length: 6_000_000 }]);
  } finally {
    await slow.close();
  }
});
