/** Lists of sessions, and what they may carry: metadata are bounded, and a page ends at so many bytes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import { SessionShares } from '../../src/sessions/session-shares.js';
import type { SessionPage } from '../../src/sessions/session.js';
import type { SessionsService } from '../../src/sessions/sessions.service.js';
import { createTestDatabase } from '../support/database.js';
import { sessionsServiceOn } from '../support/sessions-service.js';

const ada = { tenant: 'home', owner: 'ada' };
const grace = { tenant: 'home', owner: 'grace' };
const PAGE_BYTES = 100_000;

let database: Database;
let sessions: SessionsService;
let shares: SessionShares;
/** Of the sessions, in the order of their making. */
const ids: string[] = [];

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 4, log: createLog('silent'), pageBytes: PAGE_BYTES });
  sessions = sessionsServiceOn(database, systemClock);
  shares = new SessionShares(database, systemClock);
  // Some were stored before metadata had a bound; the last of them is larger than a page as it lies there, compressed.
  const sizes = [30_000, 30_000, 30_000, 300_000, 10];
  for (const size of [...sizes, undefined]) {
    const { id } = await sessions.create(ada);
    const note = size === undefined ? `md5(i::text)` : `repeat('x', ${size})`;
    const count = size === undefined ? 6_000 : 1;
    await database.query(
      `UPDATE sessions SET metadata = (SELECT json_build_object('note', string_agg(${note}, '')) FROM generate_series(1, ${count}) i)
       WHERE id = $1`,
      [sessionKey(ada, id)],
    );
    await shares.share(ada, id, grace.owner, 'read');
    ids.push(id);
  }
});

afterAll(() => database.close());

async function pagesOf(list: (token: string) => Promise<SessionPage>): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let token = ''; ;) {
    const page = await list(token);
    pages.push(page.sessions.map(({ id }) => id));
    token = page.nextPageToken;
    if (token === '') return pages;
  }
}

it.each([
  ['the own', (token: string, size: number) => sessions.list(ada, { size, token })],
  ['those that others share', (token: string, size: number) => shares.sharedWith(grace, { size, token })],
])('pages of %s end at so many bytes, and have one at least', async (_which, list) => {
  const [a, b, c, large, small, larger] = ids;
  expect(await pagesOf((token) => list(token, 100))).toEqual([[larger], [small], [large], [c, b, a]]);
  expect(await pagesOf((token) => list(token, 2))).toEqual([[larger], [small], [large], [c, b], [a]]);
});

it('metadata are refused beyond 64 KiB of JSON, and nothing is changed', async () => {
  const refused = { code: 'INVALID_ARGUMENT', field: 'metadata', expected: 'at most 65536 bytes as JSON' };
  const most = { note: 'ä'.repeat((65_536 - '{"note":""}'.length) / 2) };
  const { id } = await sessions.create(grace, { metadata: most });
  const beyond = { note: `${most.note}äx` };
  await expect(sessions.update(grace, id, { title: 'New', metadata: beyond })).rejects.toMatchObject(refused);
  await expect(sessions.create(grace, { metadata: beyond })).rejects.toMatchObject(refused);
  expect(await sessions.get(grace, id)).toMatchObject({ title: null, metadata: most });
  expect((await sessions.list(grace, { size: 100, token: '' })).sessions).toHaveLength(1);
});
