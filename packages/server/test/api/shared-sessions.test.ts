/** A session that its owner shares with others of the tenant: what they may do in it, and that it is nothing else. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { ApiKeys } from '../../src/auth/api-keys.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { saidBy } from '../support/answers.js';

@A2AAgent({ type: 'test', name: 'asking', description: 'Asks once, then repeats the answer.' })
class AskingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return `You said ${(await task.requestInput('Which one?')).text}`;
  }
}

@A2AAgent({ type: 'test', name: 'calling', description: 'Asks another agent outside of the session.' })
class CallingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.call('function/echo', 'outside', { sameSession: false });
    return 'inside';
  }
}

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

let database: Database;
let server: RunningServer;
let ada: Ask;
let bob: Ask & { readonly authorization: string };
let away: Ask;
/** Of ada's: one that is shared as each test says, with a task in it, and one that is not. */
let shared: string;
let other: string;
let task: string;
let otherTask: string;

async function newAsker(owner: string, tenant: string): Promise<Ask & { readonly authorization: string }> {
  const keys = new ApiKeys(database, systemClock, createLog('silent'));
  const { key = '' } = await keys.create({ name: owner, owner, tenant, scopes: ['read', 'write'] });
  const authorization = `Bearer ${key}`;
  const ask: Ask = (method, path, body, headers = {}) =>
    call(method, `${server.url}${path}`, {
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return Object.assign(ask, { authorization });
}

async function newTask(sessionId: string): Promise<string> {
  const { body } = await ada('POST', '/agents/function/echo/tasks', { message: 'of ada', sessionId, wait: true });
  return textAt(body, 'id');
}

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    agents: [EchoAgent, AskingAgent, CallingAgent],
    env: { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_AUTH: 'keys' },
  });
  database = new Database(url, { poolSize: 2, log: createLog('silent') });
  [ada, bob, away] = [await newAsker('ada', 'home'), await newAsker('bob', 'home'), await newAsker('bob', 'away')];
});

afterAll(async () => {
  await database.close();
  await server.stop();
});

beforeEach(async () => {
  shared = textAt((await ada('POST', '/sessions', { title: 'Shared' })).body, 'id');
  other = textAt((await ada('POST', '/sessions', { title: 'Not shared' })).body, 'id');
  [task, otherTask] = [await newTask(shared), await newTask(other)];
});

const share = (access: string) => ada('POST', `/sessions/${shared}/shares`, { owner: 'bob', access });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

/** What bob may read in the session and of the task, in ada's name. */
const readings = (session: string, id: string) => [
  `/sessions/${session}?owner=ada`,
  `/sessions/${session}/messages?owner=ada`,
  `/sessions/${session}/state?owner=ada`,
  `/sessions/${session}/export?owner=ada`,
  `/tasks?sessionId=${session}&owner=ada`,
  `/agents/function/echo/tasks?sessionId=${session}&owner=ada`,
  `/tasks/${id}?owner=ada`,
  `/tasks/${id}/steps?owner=ada`,
  `/tasks/${id}/events?owner=ada`,
];

const read = async (ask: Ask, session: string, id: string) =>
  Promise.all(readings(session, id).map((path) => ask('GET', path, undefined, { 'last-event-id': '4' })));

it('is read by whom it is shared with, and by nobody else', async () => {
  expect((await share('read')).body).toMatchObject({ owner: 'bob', access: 'read' });
  const answers = await read(bob, shared, task);
  // The stream of a task that has ended is at its end.
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 204]);
  expect(at(answers[1]?.body, 'messages', 0, 'message', 'parts', 0, 'text')).toBe('of ada');
  expect(at(answers[4]?.body, 'tasks')).toMatchObject([{ id: task }]);
  for (const [ask, session, id] of [
    [bob, other, otherTask],
    [away, shared, task],
  ] as const) {
    expect(new Set(statuses(await read(ask, session, id)))).toEqual(new Set([404]));
  }
  // Without saying whose it is, it is a session of bob's own.
  expect((await bob('GET', `/sessions/${shared}`)).status).toBe(404);
  expect((await bob('GET', `/tasks/${task}`)).status).toBe(404);
  expect(await bob('GET', '/tasks?owner=ada')).toMatchObject({ status: 400 });
});

it('is exported without what was called outside of it, and knows no tasks that are in no session', async () => {
  await share('write');
  await ada('POST', '/agents/test/calling/tasks', { message: 'of ada', sessionId: shared, wait: true });
  const stateless = { 'urn:continuo:a2a:sessions:v1': { stateless: true } };
  const said = { messageId: 'alone', parts: [{ text: 'alone' }] };
  await ada('POST', '/agents/function/echo/tasks', {
    message: said,
    sessionId: shared,
    metadata: stateless,
    wait: true,
  });
  const exported = async (ask: Ask, query: string) =>
    JSON.stringify((await ask('GET', `/sessions/${shared}/export${query}`)).body);
  expect(await exported(ada, '')).toContain('"outside"');
  expect(await exported(bob, '?owner=ada')).toContain('"inside"');
  expect(await exported(bob, '?owner=ada')).not.toContain('"outside"');
  const again = { message: { ...said, parts: [{ text: 'x' }] }, sessionId: shared };
  expect(await bob('POST', '/agents/function/echo/tasks?owner=ada', again)).toMatchObject({ status: 404 });
});

it('is listed, with whose it is and what one may do', async () => {
  await share('write');
  const list = await bob('GET', '/sessions?shared=true&pageSize=1');
  expect(at(list.body, 'sessions')).toMatchObject([{ id: shared, title: 'Shared', owner: 'ada', access: 'write' }]);
  const rest = await bob('GET', `/sessions?shared=true&pageToken=${textAt(list.body, 'nextPageToken')}`);
  expect(JSON.stringify(rest.body)).not.toContain(shared);
  expect(JSON.stringify((await bob('GET', '/sessions')).body)).not.toContain(shared);
  expect((await ada('GET', `/sessions/${shared}/shares`)).body).toMatchObject({
    shares: [{ owner: 'bob', access: 'write' }],
  });
});

it('shared for reading is changed by its owner alone', async () => {
  await share('read');
  const writings = [
    bob('POST', '/agents/function/echo/tasks?owner=ada', { message: 'of bob', sessionId: shared }),
    bob('POST', `/tasks/${task}:retry?owner=ada`),
    bob('POST', `/tasks/${task}:cancel?owner=ada`),
    bob('DELETE', `/agents/function/echo/tasks/${task}?owner=ada`),
  ];
  expect(statuses(await Promise.all(writings))).toEqual([403, 403, 403, 403]);
  const ownersOnly = [
    bob('PATCH', `/sessions/${shared}?owner=ada`, { title: 'Mine' }),
    bob('PATCH', `/sessions/${shared}/state?owner=ada`, { mine: true }),
    bob('DELETE', `/sessions/${shared}?owner=ada`),
    bob('GET', `/sessions/${shared}/shares?owner=ada`),
    bob('POST', `/sessions/${shared}/shares?owner=ada`, { owner: 'carol', access: 'read' }),
    bob('DELETE', `/sessions/${shared}/shares/bob?owner=ada`),
  ];
  expect(statuses(await Promise.all(ownersOnly))).toEqual([404, 404, 404, 404, 404, 404]);
  expect((await ada('GET', `/sessions/${shared}`)).body).toMatchObject({ title: 'Shared', messageCount: 2 });
});

it('shared for writing is spoken in, and says who spoke', async () => {
  await share('write');
  const asked = await bob('POST', '/agents/test/asking/tasks?owner=ada', {
    message: 'of bob',
    sessionId: shared,
    wait: true,
  });
  expect(asked).toMatchObject({ status: 201, body: { status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
  const id = textAt(asked.body, 'id');
  const answer = { message: { taskId: id, messageId: 'answer', parts: [{ text: 'this one' }] }, wait: true };
  const ended = await bob('POST', '/agents/test/asking/tasks?owner=ada', answer);
  expect(saidBy(ended.body)).toBe('You said this one');
  expect((await ada('GET', `/tasks/${id}`)).status).toBe(200);
  const { body } = await ada('GET', `/sessions/${shared}/messages`);
  const spoken = (at(body, 'messages') as readonly unknown[]).map((one) => [
    textAt(one, 'message', 'parts', 0, 'text'),
    at(one, 'message', 'metadata', 'urn:continuo:a2a:sessions:v1', 'author'),
  ]);
  expect(spoken).toContainEqual(['of bob', 'bob']);
  expect(spoken).toContainEqual(['this one', 'bob']);
  expect(spoken).toContainEqual(['of ada', undefined]);
  // What is not in the session is out of reach for answers, too.
  const stray = { message: { taskId: otherTask, parts: [{ text: 'x' }] } };
  expect((await bob('POST', '/agents/function/echo/tasks?owner=ada', stray)).status).toBe(404);
});

it('keeps the idempotency keys of both apart', async () => {
  await share('write');
  const key = { 'idempotency-key': 'one' };
  const say = (ask: Ask, query: string) =>
    ask('POST', `/agents/function/echo/tasks${query}`, { message: 'the same', sessionId: shared, wait: true }, key);
  const first = await say(bob, '?owner=ada');
  expect(textAt((await say(bob, '?owner=ada')).body, 'id')).toBe(textAt(first.body, 'id'));
  expect(textAt((await say(ada, '')).body, 'id')).not.toBe(textAt(first.body, 'id'));
});

it('keeps them apart whatever they are called', async () => {
  await share('write');
  const say = (ask: Ask, query: string, text: string, key: string) =>
    ask(
      'POST',
      `/agents/function/echo/tasks${query}`,
      { message: text, sessionId: shared, wait: true },
      { 'idempotency-key': key },
    );
  expect((await say(bob, '?owner=ada', "bob's", 'zz')).status).toBe(201);
  for (const key of ['zz of bob', 'zz bob', 'zzbob', 'zz']) expect((await say(ada, '', "ada's", key)).status).toBe(201);
});

it('is forked into a session of one of them, which is no share', async () => {
  await share('read');
  const fork = await bob('POST', `/sessions/${shared}:fork?owner=ada`);
  expect(fork).toMatchObject({ status: 201, body: { title: 'Shared', messageCount: 2 } });
  expect((await bob('GET', `/sessions/${textAt(fork.body, 'id')}`)).status).toBe(200);
  expect((await ada('GET', `/sessions/${textAt(fork.body, 'id')}`)).status).toBe(404);
  expect((await bob('POST', `/sessions/${other}:fork?owner=ada`)).status).toBe(404);
});

it('is shut again, and with it the streams that are open', async () => {
  await share('read');
  const stream = await fetch(`${server.url}/sessions/${shared}/events?owner=ada`, {
    headers: { authorization: bob.authorization },
  });
  expect(stream.status).toBe(200);
  expect((await ada('DELETE', `/sessions/${shared}/shares/bob`)).status).toBe(204);
  expect(new Set(statuses(await read(bob, shared, task)))).toEqual(new Set([404]));
  // It breaks off, or ends.
  const rest = await stream.text().catch(() => 'broken off');
  expect(rest).toBe('broken off');
  const audited = await database.query<{ action: string; details: unknown }>(
    "SELECT action, details FROM audit_log WHERE subject = $1 AND action LIKE 'session.%' ORDER BY at",
    [shared],
  );
  expect(audited).toEqual([
    { action: 'session.shared', details: { owner: 'bob', access: 'read' } },
    { action: 'session.unshared', details: { owner: 'bob' } },
  ]);
});

it('says what is wrong with a share', async () => {
  for (const [body, field] of [
    [{ owner: 'ada', access: 'read' }, 'owner'],
    [{ owner: '', access: 'read' }, 'owner'],
    [{ owner: 'bob', access: 'all' }, 'access'],
  ] as const) {
    const { status, body: said } = await ada('POST', `/sessions/${shared}/shares`, body);
    expect([status, at(said, 'error', 'details', 1, 'fieldViolations', 0, 'field')]).toEqual([400, field]);
  }
  expect((await ada('DELETE', `/sessions/${shared}/shares/%00`)).status).toBe(400);
  expect((await ada('POST', '/sessions/nowhere/shares', { owner: 'bob', access: 'read' })).status).toBe(404);
});

it('is shared with a hundred at the most, also when many are named at once', async () => {
  const { body } = await ada('POST', '/sessions', {});
  const path = `/sessions/${textAt(body, 'id')}/shares`;
  const shares = Array.from({ length: 105 }, (_, n) => ada('POST', path, { owner: `guest ${n}`, access: 'read' }));
  expect(statuses(await Promise.all(shares)).filter((status) => status === 400)).toHaveLength(5);
  expect(at((await ada('GET', path)).body, 'shares')).toHaveLength(100);
});

it('has the files that its messages name, and no others', async () => {
  const upload = async (ask: Ask & { readonly authorization?: string }, sessionId: string): Promise<string> => {
    const { body } = await ask('POST', `/files?sessionId=${sessionId}`, 'of ada', { 'content-type': 'text/plain' });
    return textAt(body, 'id');
  };
  const [inside, named, secret] = [await upload(ada, shared), await upload(ada, other), await upload(ada, other)];
  const naming = (id: string) => ({
    message: { role: 'ROLE_USER', parts: [{ url: `/files/${id}` }] },
    sessionId: shared,
  });
  expect((await ada('POST', '/agents/function/echo/tasks', naming(named))).status).toBe(201);
  await share('write');
  const statusOf = async (id: string, method = 'HEAD'): Promise<number> =>
    (await bob(method, `/files/${id}?owner=ada`)).status;
  expect([await statusOf(inside), await statusOf(named), await statusOf(secret)]).toEqual([200, 200, 404]);
  expect([await statusOf(named, 'DELETE'), await statusOf(inside, 'DELETE')]).toEqual([404, 403]);
  expect(await statusOf(inside)).toBe(200);
  const begun = await bob('POST', `/files?sessionId=${shared}&owner=ada`, '', { 'upload-complete': '?0' });
  expect(await statusOf(textAt(begun.body, 'id'), 'DELETE')).toBe(204);
  const said = async (id: string): Promise<readonly unknown[]> => {
    const { status, body } = await bob('POST', '/agents/function/echo/tasks?owner=ada', naming(id));
    return [status, at(body, 'error', 'details', 0, 'metadata', 'field')];
  };
  expect([await said(inside), await said(named)]).toEqual([
    [201, undefined],
    [201, undefined],
  ]);
  expect(await said(secret)).toEqual([400, 'message.parts[0].url']);
});
