/** A search costs what its owner has said: others' words and missing statistics change nothing. */
import { beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { listSessions } from '../../src/sessions/list-sessions.js';
import { ownWords } from '../../src/sessions/words.js';
import { listTasks } from '../../src/tasks/list-tasks.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { readBlocks } from '../support/read-blocks.js';

const SESSIONS = 3_000;
const ada: Caller = { tenant: 'one', owner: 'ada' };
const grace: Caller = { tenant: 'one', owner: 'grace' };
const talkative: Caller = { tenant: 'two', owner: 'ada' };

let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  // Fresh from a bulk of work: nobody has counted the rows.
  for (const table of ['sessions', 'messages', 'tasks'])
    await database.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
  await converse(ada, SESSIONS, 'penguin');
  await converse(grace, 3, 'penguin');
});

/** Sessions of one message each, as `says` the words of each number. */
async function converse({ tenant, owner }: Caller, count: number, says: string): Promise<void> {
  await database.query(
    `WITH opened AS (
       INSERT INTO sessions (id, tenant, owner, context_id, title, last_seq, created_at, updated_at)
       SELECT gen_random_uuid(), $1, $2, gen_random_uuid()::text, 'A talk', 1, now(), now() FROM generate_series(1, $3::int)
       RETURNING id),
     numbered AS (SELECT id, row_number() OVER () AS n FROM opened)
     INSERT INTO messages (session_id, seq, message_id, task_id, message, created_at, words)
     SELECT id, 1, id::text, gen_random_uuid(), '{"parts":[]}', now(),
            ${ownWords('$1', '$2', `$4 || ' number ' || n`)}
     FROM numbered`,
    [tenant, owner, count, says],
  );
}

const page = { size: 20, token: '', artifacts: false, mostBytes: 1_000_000 };
const sessions = (caller: Caller, q: string) => (of: Pick<Database, 'query'>) =>
  listSessions({ query: (text, values) => of.query(text, values), shares: database.shares }, caller, q, page);
const tasks = (caller: Caller, q: string) => (of: Pick<Database, 'query'>) => listTasks(of, caller, { q }, page);

it('finds among 3,000 new sessions, and only what is the own', async () => {
  const found = async (caller: Caller, q: string) => (await listSessions(database, caller, q, page)).sessions.length;
  expect(await found(ada, 'penguin 2718')).toBe(1);
  expect(await found(ada, 'PENG')).toBe(20);
  expect(await found(grace, 'penguin')).toBe(3);
  expect(await found(grace, 'penguin 2718')).toBe(0);
  expect(await found(talkative, 'penguin')).toBe(0);
});

it.each([
  ['sessions', sessions],
  ['tasks', tasks],
])('a search for %s reads no more when 20,000 others say the same', async (_, list) => {
  const searches = [list(ada, 'number 2718'), list(grace, 'pengu'), list(grace, 'elephant')];
  const blocks = (): Promise<readonly number[]> => Promise.all(searches.map((search) => readBlocks(database, search)));
  const before = await blocks();
  await converse(talkative, 20_000, 'penguin elephant');
  const after = await blocks();
  // The words of others make the index a little deeper.
  for (const [n, was] of before.entries()) expect(after[n]).toBeLessThanOrEqual(was + 60);
  expect(Math.max(...after)).toBeLessThan(400);
});
