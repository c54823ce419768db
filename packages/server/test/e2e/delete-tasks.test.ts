/** `DELETE /tasks/:id`: an ended task goes with what it called; what was said stays, and so does what goes on. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let databaseUrl: string;
let database: pg.Client;
let url: string;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  database = new pg.Client(databaseUrl);
  await database.connect();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } }));
});

afterAll(() => database.end());

async function begin(agent: string, wait: boolean, headers: Readonly<Record<string, string>> = {}) {
  const { body } = await call('POST', `${url}/agents/${agent}/tasks`, { body: { message: 'hello', wait }, headers });
  return { id: textAt(body, 'id'), session: textAt(body, 'contextId') };
}

const remove = (id: string, headers: Readonly<Record<string, string>> = {}) =>
  call('DELETE', `${url}/tasks/${id}`, { headers });
const statusOf = async (id: string): Promise<number> => (await call('GET', `${url}/tasks/${id}`)).status;
const reasonOf = ({ body }: { readonly body: unknown }): unknown => at(body, 'error', 'details', 0, 'reason');

async function childOf(id: string): Promise<string> {
  const found = async (): Promise<string | undefined> =>
    (await database.query<{ id: string }>('SELECT id FROM tasks WHERE parent_id = $1', [id])).rows[0]?.id;
  return until(found, { what: 'the child to begin' });
}

it('goes with its children and all that is stored of them; the messages stay, and a repetition is answered alike', async () => {
  const { id, session } = await begin('test/calls', true);
  const child = await childOf(id);
  const said = (await call('GET', `${url}/sessions/${session}/messages`)).body;
  expect(await remove(child)).toMatchObject({ status: 409 });

  const answer = await remove(id);
  expect(answer.status).toBe(204);
  expect([await statusOf(id), await statusOf(child)]).toEqual([404, 404]);
  const { rows: left } = await database.query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM tasks WHERE id = ANY ($1::uuid[]) OR root_id = $2)
       + (SELECT count(*) FROM task_pages WHERE task_id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM artifacts WHERE task_id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM journal WHERE task_id = ANY ($1::uuid[])))::int AS n`,
    [[id, child], id],
  );
  expect(left).toEqual([{ n: 0 }]);
  expect((await call('GET', `${url}/sessions/${session}/messages`)).body).toEqual(said);
  const { rows } = await database.query('SELECT owner, action, details FROM audit_log WHERE subject = $1', [id]);
  expect(rows).toEqual([
    {
      owner: 'local',
      action: 'task.deleted',
      details: { agent: 'test/calls', children: expect.any(Number) as number },
    },
  ]);

  expect((await remove(id)).status).toBe(204);
  expect((await remove(child)).status).toBe(404);
});

it('is refused while the task, or one that it called, has not ended', async () => {
  const { id } = await begin('test/calls-endless', false);
  const child = await childOf(id);
  const refused = await remove(id);
  expect([refused.status, reasonOf(refused)]).toEqual([409, 'TASK_NOT_DELETABLE']);
  expect([await statusOf(id), await statusOf(child)]).toEqual([200, 200]);
  await call('POST', `${url}/tasks/${id}:cancel`);
  expect((await remove(id)).status).toBe(204);
  expect(await statusOf(child)).toBe(404);
});

it('finds nothing by an id that is none, or of nobody', async () => {
  for (const id of ['nonsense', '0190d1f0-7a30-7000-8000-000000000000']) {
    const answer = await remove(id);
    expect([answer.status, reasonOf(answer)]).toEqual([404, 'TASK_NOT_FOUND']);
  }
});

it('is for the owner alone: not for who has a share of the session, and no repetition tells others that it was', async () => {
  const guarded = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys' } });
  const headersOf = async (owner: string) => ({
    authorization: `Bearer ${await newKey(databaseUrl, '--owner', owner, '--scopes', 'read,write')}`,
  });
  const [ada, bob] = [await headersOf('ada'), await headersOf('bob')];
  const made = await call('POST', `${guarded.url}/agents/function/echo/tasks`, {
    body: { message: 'mine', wait: true },
    headers: ada,
  });
  const id = textAt(made.body, 'id');
  const share = { owner: 'bob', access: 'write' };
  await call('POST', `${guarded.url}/sessions/${textAt(made.body, 'contextId')}/shares`, { body: share, headers: ada });
  const asBob = () => call('DELETE', `${guarded.url}/tasks/${id}?owner=ada`, { headers: bob });
  expect((await asBob()).status).toBe(404);
  expect((await call('GET', `${guarded.url}/tasks/${id}`, { headers: ada })).status).toBe(200);
  expect((await call('DELETE', `${guarded.url}/tasks/${id}`, { headers: ada })).status).toBe(204);
  expect((await asBob()).status).toBe(404);
});
