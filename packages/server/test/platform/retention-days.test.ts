/** A policy of more days than there are times for keeps things forever, and says nothing of itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { Retention } from '../../src/retention/retention.js';
import { openSession } from '../../src/sessions/open-session.js';
import { createTestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
});

afterAll(() => database.close());

it('9,999,999 days and more', async () => {
  await database.query(
    `INSERT INTO retention_policies (tenant, what, days) VALUES ('home', 'sessions', 9999999), ('home', 'memories', 2147483647)`,
  );
  const left = async () => (await database.query('SELECT tenant FROM sessions ORDER BY tenant')).map((row) => row);
  const warnings: unknown[] = [];
  const log = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) };
  const keepDays = { sessions: 1, tasks: 0, 'idempotency-keys': 0, deliveries: 0, audit: 0, memories: 0 };
  const retention = new Retention(database, { keepDays, retentionMs: 20 }, systemClock, log);
  await openSession(database, { tenant: 'home', owner: 'ada' }, 'kept', new Date('1900-01-01T00:00:00Z'));
  retention.start();
  try {
    // The second goes in another round, when all of the first is over.
    for (const name of ['first', 'second']) {
      await openSession(database, { tenant: 'other', owner: 'ada' }, name, new Date('1900-01-01T00:00:00Z'));
      await until(async () => (await left()).length === 1, { what: `the ${name} session to expire` });
    }
  } finally {
    await retention.stop();
  }
  expect(warnings).toEqual([]);
  expect(await left()).toEqual([{ tenant: 'home' }]);
});
