/** A transaction asks for nothing beside its own connection. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';

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
