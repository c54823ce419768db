/** A file stays as long as one of the sessions that name it, whatever else is done in that one at the same moment. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import { changeState, writeState } from '../../src/sessions/session-state.js';
import { deleteSession } from '../../src/sessions/delete-session.js';
import { forkSession } from '../../src/sessions/fork-session.js';
import { openSession } from '../../src/sessions/open-session.js';
import { saveMessage } from '../../src/sessions/save-message.js';
import { upsertShare } from '../../src/sessions/share-rows.js';
import { StateUpdates } from '../../src/sessions/state-updates.js';
import { updateSession } from '../../src/sessions/update-session.js';
import { createTestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const ada = { tenant: 'home', owner: 'ada' };
const at = new Date('2026-03-01T12:00:00Z');
let database: Database;
/** With connections of its own. */
let others: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 4, log: createLog('silent') });
  others = new Database(url, { poolSize: 2, log: createLog('silent') });
});

afterAll(() => Promise.all([database.close(), others.close()]));

/** A file that lies with one session. */
async function fileIn(contextId: string): Promise<string> {
  const id = randomUUID();
  const key = await openSession(database, ada, contextId, at);
  await database.query(
    `INSERT INTO files (id, tenant, owner, session_id, context_id, name, media_type, place, writer, created_at, touched_at, completed_at)
     VALUES ($1, 'home', 'ada', $2, $3, 'a', 'text/plain', 'postgres', $1, now(), now(), now())`,
    [id, key, contextId],
  );
  return id;
}

const sessionOf = (file: string) => database.query('SELECT context_id FROM files WHERE id = $1', [file]);

const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'More' }] } as const;
const works: readonly (readonly [string, (client: Database, contextId: string) => Promise<unknown>])[] = [
  ['a value is set', (client, id) => writeState(client, sessionKey(ada, id), 'name', 1)],
  ['values are changed', (client, id) => changeState(client, ada, id, { name: 1 }, at)],
  ['a value is updated', (client, id) => new StateUpdates(client).update(sessionKey(ada, id), 'name', 'mark', () => 1)],
  ['it is shared', (client, id) => upsertShare(client, ada, id, { owner: 'grace', access: 'read' }, at)],
  ['it is renamed', (client, id) => updateSession(client, ada, id, { title: 'New' }, at)],
  [
    'something is said',
    (client, id) => saveMessage(client, sessionKey(ada, id), message, { taskId: randomUUID(), agent: 'a/b' }, at),
  ],
  ['it is touched', (client, id) => openSession(client, ada, id, at)],
];

it.each(works)('while %s in the other session', async (_what, work) => {
  const [going, staying] = [randomUUID(), randomUUID()];
  const file = await fileIn(going);
  const key = await openSession(database, ada, staying, at);
  await database.query('INSERT INTO file_sessions (session_id, file_id) VALUES ($1, $2)', [key, file]);
  await database.transaction(async (client) => {
    await work(client as Database, staying);
    await deleteSession(others, ada, going);
  });
  expect(await sessionOf(file)).toEqual([{ context_id: staying }]);
});

it('a deletion waits for a fork that is being made, and the file lives with that', async () => {
  const [going, fork] = [randomUUID(), randomUUID()];
  const file = await fileIn(going);
  const named = { ...message, messageId: randomUUID(), parts: [{ url: `/files/${file}` }] };
  await saveMessage(database, sessionKey(ada, going), named, { taskId: randomUUID(), agent: 'a/b' }, at);
  let deleted: Promise<unknown> = Promise.resolve();
  await database.transaction(async (client) => {
    const of = { from: ada, contextId: going, messageId: undefined, title: undefined };
    await forkSession(client, ada, fork, of, at);
    deleted = deleteSession(others, ada, going);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'DELETE FROM sessions%'`;
    await until(async () => (await others.query(waiting)).length > 0, { what: 'the deletion to wait' });
  });
  expect(await deleted).toBe(true);
  expect(await sessionOf(file)).toEqual([{ context_id: fork }]);
});
