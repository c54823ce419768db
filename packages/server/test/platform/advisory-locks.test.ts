/** Advisory locks by number: what holds one is not taken for something else. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { LOCKS } from '../../src/platform/advisory-locks.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { refuseNewer } from '../../src/platform/schema-watch.js';
import { Retention } from '../../src/retention/retention.js';
import { createTestDatabase } from '../support/database.js';
import { waitsForTable } from '../support/lock-waits.js';
import { until } from '../support/until.js';

let database: Database;
let url: string;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
});

afterAll(() => database.close());

it('each has a number of its own', () => {
  const numbers = Object.values(LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});

it('nothing comes of a migration that was announced by somebody who died, also while old things are removed', async () => {
  await database.query(
    `INSERT INTO continuo_migrations (number, name, breaking, state) VALUES (900, '0900_other.sql', true, 'announced')`,
  );
  const blocker = new pg.Client(url);
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE');
  const keepDays = { sessions: 0, tasks: 0, 'idempotency-keys': 0, deliveries: 0, audit: 1, memories: 0 };
  const log = { info: () => undefined, warn: () => undefined };
  const retention = new Retention(database, { keepDays, retentionMs: 1_000 }, systemClock, log);
  retention.start();
  try {
    const waiting = waitsForTable('audit_log');
    await until(async () => (await database.query(waiting)).length === 1, { what: 'the removal to be under way' });
    await expect(refuseNewer(database)).resolves.toBeUndefined();
  } finally {
    await blocker.end();
    await retention.stop();
  }
});
