/** What counts as stored for a caller: metadata of sessions and memories do, as all else that is said and made. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { MemoriesService } from '../../src/memories/memories.service.js';
import type { Caller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { Quotas } from '../../src/tasks/quotas.js';
import { createTestDatabase } from '../support/database.js';
import { sessionsServiceOn } from '../support/sessions-service.js';

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
});

afterAll(() => database.close());

const text = (bytes: number): string => randomBytes(bytes / 2).toString('hex');

it.each<readonly [string, (caller: Caller) => Promise<unknown>]>([
  [
    'metadata of a session',
    (caller) => sessionsServiceOn(database, systemClock).create(caller, { metadata: { note: text(50_000) } }),
  ],
  [
    'memories',
    (caller) => {
      const memories = new MemoriesService(database, systemClock);
      const scope = { ...caller, agent: 'shop/clerk' };
      const notes = Array.from({ length: 25 }, () => text(2_000));
      return Promise.all(notes.map((note) => memories.create(scope, { text: note, kind: 'fact' })));
    },
  ],
])('%s', async (owner, store) => {
  const caller = { tenant: 'home', owner };
  const quota = () => new Quotas(database, { tasks: 0, storedBytes: 20_000 }, systemClock);
  await quota().checkStored(caller);
  await store(caller);
  await expect(quota().checkStored(caller)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
});
