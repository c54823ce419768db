/** What is deleted, what expires and what stays: all that belongs to a session, by whoever's wish, and its export before. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { keysCommand } from '../support/keys-command.js';
import { waitsForTable } from '../support/lock-waits.js';
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
  const env = {
    DATABASE_URL: databaseUrl,
    CONTINUO_RETENTION_MS: '50',
    CONTINUO_KEEP_SESSIONS_DAYS: '30',
    CONTINUO_KEEP_TASKS_DAYS: '20',
    CONTINUO_KEEP_DELIVERIES_DAYS: '10',
    CONTINUO_KEEP_AUDIT_DAYS: '400',
  };
  ({ url } = await startServer({ entry, env }));
});

afterAll(() => database.end());

/** A task of the agent in a session of its own: its id, and that of the session. */
async function taskOf(agent: string, message: unknown = 'go', headers: Readonly<Record<string, string>> = {}) {
  const { body } = await call('POST', `${url}/agents/${agent}/tasks`, { body: { message, wait: true }, headers });
  return { id: textAt(body, 'id'), session: textAt(body, 'contextId') };
}

/** In how many rows of each table the tasks, or the session, are found; tables without any are left out. */
async function rowsOf(session: string): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.query<{ found: Readonly<Record<string, number>> }>(
    `WITH RECURSIVE s AS (SELECT id FROM sessions WHERE context_id = $1),
       t AS (SELECT id FROM tasks WHERE context_id = $1 UNION SELECT c.id FROM tasks c JOIN t ON c.parent_id = t.id),
       f AS (SELECT 'sessions' AS name, count(*)::int AS n FROM s
         UNION ALL SELECT 'messages', count(*)::int FROM messages JOIN s ON s.id = session_id
         UNION ALL SELECT 'tasks', count(*)::int FROM t)
     SELECT json_object_agg(name, n) AS found FROM f WHERE n > 0`,
    [session],
  );
  return rows[0]?.found ?? {};
}

/** All rows that name one of the tasks, in any table. */
async function traces(tasks: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM tasks WHERE id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM task_events WHERE task_id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM artifacts WHERE task_id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM queued_runs WHERE task_id = ANY ($1::uuid[]))
       + (SELECT count(*) FROM journal WHERE task_id::text = ANY ($1::text[])))::int AS n`,
    [tasks],
  );
  return rows[0]?.n ?? -1;
}

async function age(session: string, days: number): Promise<void> {
  const older = `- $2 * interval '1 day' WHERE context_id = $1`;
  await database.query(`UPDATE sessions SET updated_at = updated_at ${older}`, [session, days]);
  await database.query(`UPDATE tasks SET status_at = status_at ${older}`, [session, days]);
}

it('a deleted session takes everything along, and what still ran is cancelled', async () => {
  const counted = await taskOf('function/countdown', { parts: [{ data: { steps: 2, delayMs: 1 } }] });
  const body = { message: 'go', sessionId: counted.session };
  const parent = textAt((await call('POST', `${url}/agents/test/calls-endless/tasks`, { body })).body, 'id');
  const child = await until(
    async () =>
      (await database.query<{ id: string }>('SELECT id FROM tasks WHERE parent_id = $1', [parent])).rows[0]?.id,
    { what: 'the child to begin' },
  );
  const tasks = [counted.id, parent, child];
  expect(await traces(tasks)).toBeGreaterThan(10);

  expect((await call('DELETE', `${url}/sessions/${counted.session}`)).status).toBe(204);
  expect(await rowsOf(counted.session)).toEqual({});
  await until(async () => (await traces(tasks)) === 0, {
    what: 'what the cancelled runs still stored to be cleared away',
  });
  const { rows } = await database.query('SELECT owner, action FROM audit_log WHERE subject = $1', [counted.session]);
  expect(rows).toEqual([{ owner: 'local', action: 'session.deleted' }]);
});

it('a session is exported as a whole', async () => {
  const { id, session } = await taskOf('test/calls', 'hello');
  const answer = await call('GET', `${url}/sessions/${session}/export`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toContain(`session-${session}.json`);

  const messages = await call('GET', `${url}/sessions/${session}/messages`);
  expect(at(answer.body, 'session')).toEqual((await call('GET', `${url}/sessions/${session}`)).body);
  expect(at(answer.body, 'messages')).toEqual(at(messages.body, 'messages'));
  const tasks = at(answer.body, 'tasks') as readonly unknown[];
  expect(tasks).toHaveLength(3);
  expect(at(tasks, 0, 'task')).toEqual((await call('GET', `${url}/tasks/${id}`)).body);
  const child = textAt(tasks, 1, 'task', 'id');
  expect(at(tasks, 1, 'task')).toEqual((await call('GET', `${url}/tasks/${child}`)).body);
  for (const task of tasks) {
    const events = at(task, 'events') as readonly unknown[];
    expect(events.map((event) => at(event, 'seq'))).toEqual(events.map((_event, index) => index + 1));
    expect(at(events.at(-1), 'event', 'statusUpdate', 'status', 'state')).toBe('TASK_STATE_COMPLETED');
  }
  expect((await call('GET', `${url}/sessions/nowhere/export`)).status).toBe(404);
});

it('a long session is exported as a whole, too', async () => {
  const { session } = await taskOf('function/echo');
  await database.query(
    `WITH s AS (UPDATE sessions SET last_seq = last_seq + 1000 WHERE context_id = $1 RETURNING id, last_seq - 1000 AS base)
     INSERT INTO messages (session_id, seq, message_id, message, created_at, words)
     SELECT id, base + n, 'm' || n, json_build_object('messageId', 'm' || n), now(), '' FROM s, generate_series(1, 1000) n`,
    [session],
  );
  const { body } = await call('GET', `${url}/sessions/${session}/export`);
  expect(at(body, 'messages')).toHaveLength(1002);
});

it('ended tasks expire with what they called, and leave the conversation', async () => {
  const old = await taskOf('test/calls');
  const young = await taskOf('test/calls');
  const waiting = await taskOf('test/asks-twice');
  await age(old.session, 21);
  await age(young.session, 19);
  await age(waiting.session, 21);
  await until(async () => (await traces([old.id])) === 0, { what: 'the old task to expire' });
  expect(await rowsOf(old.session)).toEqual({ sessions: 1, messages: 4 });
  expect(await rowsOf(young.session)).toMatchObject({ tasks: 3 });
  expect(await rowsOf(waiting.session)).toMatchObject({ tasks: 1 });
});

it('idle sessions expire, but not those where somebody is waited for', async () => {
  const waiting = await taskOf('test/asks-twice');
  // What it called in a session of its own: its run, when it begins again, would call that anew.
  const called = await taskOf('function/echo');
  await database.query('UPDATE tasks SET parent_id = $2, root_id = $2 WHERE id = $1', [called.id, waiting.id]);
  const old = await taskOf('function/echo');
  for (const { session } of [waiting, called, old]) await age(session, 31);
  await until(async () => Object.keys(await rowsOf(old.session)).length === 0, { what: 'the old session to expire' });
  expect(await traces([old.id])).toBe(0);
  expect(await rowsOf(waiting.session)).toMatchObject({ sessions: 1 });
  expect(await rowsOf(called.session)).toMatchObject({ sessions: 1, tasks: 1 });
  const { rows } = await database.query('SELECT owner, action FROM audit_log WHERE subject = $1', [old.session]);
  expect(rows).toEqual([{ owner: null, action: 'session.expired' }]);
});

it('a tenant has its own policy', async () => {
  const policy = 'INSERT INTO retention_policies (tenant, what, days) VALUES ($1, $2, $3)';
  await database.query(policy, ['hoarders', 'sessions', 0]);
  await database.query(policy, ['forgetful', 'sessions', 2]);
  const sessions: string[] = [];
  for (const tenant of ['hoarders', 'forgetful', 'forgetful-not']) {
    const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
    const { body } = await call('POST', `${url}/agents/function/echo/${tenant}/message:send`, { body: { message } });
    sessions.push(textAt(body, 'task', 'contextId'));
  }
  const [hoarders = '', forgetful = '', others = ''] = sessions;
  await age(hoarders, 15);
  await age(others, 15);
  await age(forgetful, 3);
  await until(async () => (await rowsOf(forgetful)).sessions === undefined, { what: "the tenant's session to expire" });
  expect(await rowsOf(hoarders)).toMatchObject({ sessions: 1 });
  expect(await rowsOf(others)).toMatchObject({ sessions: 1 });
});

it('idempotency keys are forgotten after a week', async () => {
  const underKey = (name: string) => taskOf('function/echo', 'go', { 'idempotency-key': name });
  const old = await underKey('old');
  const young = await underKey('young');
  await database.query(`UPDATE idempotency_keys SET created_at = created_at - interval '8 days' WHERE key = 'old'`);
  await database.query(`UPDATE idempotency_keys SET created_at = created_at - interval '6 days' WHERE key = 'young'`);
  const known = async () => (await database.query<{ key: string }>('SELECT key FROM idempotency_keys')).rows;
  await until(async () => (await known()).every(({ key: name }) => name !== 'old'), { what: 'the old key to expire' });
  expect(await known()).toEqual([{ key: 'young' }]);
  expect((await underKey('young')).id).toBe(young.id);
  expect((await underKey('old')).id).not.toBe(old.id);
});

it('what cannot be removed holds up nothing else that is too old', async () => {
  const stuck = await taskOf('function/echo');
  await database.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END';
    CREATE TRIGGER refuse BEFORE DELETE ON sessions FOR EACH ROW
      WHEN (OLD.context_id = '${stuck.session}') EXECUTE FUNCTION refuse()`);
  await age(stuck.session, 31);
  const task = await taskOf('function/echo');
  await age(task.session, 21);
  await taskOf('function/echo', 'go', { 'idempotency-key': 'beside' });
  await database.query(`UPDATE idempotency_keys SET created_at = created_at - interval '8 days' WHERE key = 'beside'`);
  const keys = async () => (await database.query("SELECT FROM idempotency_keys WHERE key = 'beside'")).rows.length;
  await until(async () => (await traces([task.id])) + (await keys()) === 0, { what: 'all others to expire' });
  expect(await rowsOf(stuck.session)).toMatchObject({ sessions: 1 });

  await database.query('DROP TRIGGER refuse ON sessions');
  await until(async () => Object.keys(await rowsOf(stuck.session)).length === 0, { what: 'the session to expire' });
});

it('what is done to keys and webhooks is in the audit log', async () => {
  const address = { url: 'http://127.0.0.1:9/hidden?token=hidden' };
  const made = (await call('POST', `${url}/webhooks`, { body: address })).body;
  const id = textAt(made, 'id');
  for (const action of ['pause', 'resume', 'rotate']) await call('POST', `${url}/webhooks/${id}:${action}`);
  await call('PATCH', `${url}/webhooks/${id}`, { body: { description: 'ours' } });
  await call('DELETE', `${url}/webhooks/${id}`);
  const body = { owner: 'ada', scopes: ['read'] };
  const key = (await call('POST', `${url}/keys`, { body })).body;
  await call('DELETE', `${url}/keys/${textAt(key, 'id')}`);
  const { stderr } = await keysCommand(databaseUrl, 'create', '--owner', 'ada');
  const ofCommand = stderr.split('\t', 1)[0] ?? '';
  await keysCommand(databaseUrl, 'revoke', ofCommand);

  const entries = async (subject: string): Promise<readonly unknown[]> => {
    const { rows } = await database.query<{ action: string }>(
      'SELECT tenant, owner, action FROM audit_log WHERE subject = $1 ORDER BY id',
      [subject],
    );
    return rows;
  };
  const local = { tenant: 'default', owner: 'local' };
  const changes = Array.from({ length: 4 }, () => 'webhook.changed');
  const actions = ['webhook.created', ...changes, 'webhook.deleted'];
  expect(await entries(id)).toEqual(actions.map((action) => ({ ...local, action })));
  const ofKey = ['key.created', 'key.revoked'].map((action) => ({ ...local, action }));
  expect(await entries(textAt(key, 'id'))).toEqual(ofKey);
  expect(await entries(ofCommand)).toEqual(ofKey.map(({ action }) => ({ ...local, action, owner: null })));
  const { rows } = await database.query<{ text: string }>('SELECT json_agg(a)::text AS text FROM audit_log a');
  expect(rows[0]?.text).toContain('http://127.0.0.1:9"');
  const secrets = [textAt(key, 'key'), textAt(made, 'secret'), 'hidden'];
  expect(secrets.filter((secret) => secret === '' || rows[0]?.text.includes(secret))).toEqual([]);
});

it('deliveries of webhooks expire when they are over, and entries of the audit log', async () => {
  await database.query(
    `WITH e AS (INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, state, created_at, updated_at)
       VALUES (gen_random_uuid(), 'default', 'local', 'https://example.com/', '{}', 'paused', now(), now()) RETURNING id)
     INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind, status, created_at)
     SELECT 'default', 'local', e.id, gen_random_uuid(), n, 'task', status, now() - n * interval '1 day'
     FROM e, (VALUES (9, 'delivered'), (11, 'delivered'), (12, 'dead'), (13, 'pending')) AS d (n, status)`,
  );
  const old = `INSERT INTO audit_log (tenant, action, subject, at) VALUES ('default', 'x', $1, now() - $2 * interval '1 day')`;
  await database.query(old, ['very old', 401]);
  await database.query(old, ['old', 399]);
  const kept = async (): Promise<unknown> =>
    (
      await database.query(
        `SELECT (SELECT json_agg(seq ORDER BY seq) FROM webhook_deliveries) AS deliveries,
           (SELECT json_agg(subject) FROM audit_log WHERE action = 'x') AS entries`,
      )
    ).rows[0];
  const left = { deliveries: [9, 13], entries: ['old'] };
  await until(async () => JSON.stringify(await kept()) === JSON.stringify(left), { what: 'what is too old to go' });
  expect(await kept()).toEqual(left);
});

it('a server that stops hands its runs over at once, however long a removal takes', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, CONTINUO_RETENTION_MS: '50', CONTINUO_KEEP_AUDIT_DAYS: '1', CONTINUO_DRAIN_MS: '0' };
  const server = await startServer({ entry, env });
  const holder = new pg.Client(DATABASE_URL);
  await holder.connect();
  try {
    await holder.query('BEGIN; LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE');
    const waiting = waitsForTable('audit_log');
    await until(async () => (await holder.query(waiting)).rows.length > 0, { what: 'the removal to be under way' });
    const stopped = server.kill('SIGTERM');
    const left = async () =>
      (await holder.query('SELECT 1 FROM instances WHERE left_at IS NOT NULL')).rows.length === 1;
    await until(left, { what: 'the instance to have left' });
    expect((await holder.query(waiting)).rows).toHaveLength(1);
    await holder.query('ROLLBACK');
    await stopped;
    expect(await server.exited).toMatchObject({ code: 0 });
  } finally {
    await holder.end();
  }
});
