/** What a filter of the audit log finds costs what it finds, however much else is in it. */
import { beforeAll, expect, it } from 'vitest';
import { AuditLog, type AuditFilter } from '../../src/auth/read-audit.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { readBlocks } from '../support/read-blocks.js';

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  const columns = 'INSERT INTO audit_log (tenant, owner, action, subject)';
  await database.query(`${columns} VALUES ('home', 'ada', 'key.created', 'her key')`);
  await database.query(
    `${columns} SELECT 'home', 'bob', 'task.canceled', 'task ' || n FROM generate_series(1, 20000) AS n`,
  );
  await database.query('ANALYZE audit_log');
});

it.each<AuditFilter>([
  { action: 'key.created' },
  { subject: 'her key' },
  { owner: 'ada' },
  { action: 'key.created', owner: 'ada', subject: 'her key' },
])('%j finds one entry among 20,000 others', async (filter) => {
  const page = { size: 50, token: '' };
  let found: readonly unknown[] = [];
  const blocks = await readBlocks(database, async (of) => {
    const log = new AuditLog({ reading: () => of });
    ({ entries: found } = await log.list('home', filter, page));
  });
  expect(found).toMatchObject([{ action: 'key.created', owner: 'ada', subject: 'her key' }]);
  expect(blocks).toBeLessThan(20);
});
