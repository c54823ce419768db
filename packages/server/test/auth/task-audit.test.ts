/** Who cancelled, retried and answered tasks is in the audit log, whichever way they came, once, and never for what changed nothing. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.js';
import {
  A2AAgent,
  A2AAgentBaseService,
  Agents,
  ContinuoModule,
  TaskFailedError,
  Tasks,
  type TaskContext,
} from '../../src/index.js';
import { request } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { until } from '../support/until.js';

const V1 = { 'a2a-version': '1.0' };
const SECRET = 'the answer itself';

@A2AAgent({
  type: 'test',
  name: 'approval',
  description: 'Asks, then fails or works until it is stopped.',
  conversation: 'interrupt',
})
class ApprovalAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const how = task.text;
    await task.step('prepare', () => 'ready');
    if (how === 'ask') await task.requestInput('May I?', { name: 'approve' });
    if (how === 'ask in words') await task.requestInput('May I really?');
    if (how === 'ask through another') await task.call('test/approval', 'ask', { sameSession: false });
    if (how === 'call another') await task.call('test/approval', 'work', { sameSession: false });
    if (how === 'fail') throw new TaskFailedError('It did not work.');
    const { signal } = task;
    if (how.endsWith('work')) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'done';
  }
}

interface Person {
  readonly owner: string;
  readonly headers: Readonly<Record<string, string>>;
}

let app: NestExpressApplication;
let url: string;
let ada: Person;
let bob: Person;
let admin: Person;

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = {
    DATABASE_URL,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_AUTH: 'keys',
    CONTINUO_DRAIN_MS: '0',
    CONTINUO_GRPC_PORT: '0',
  };
  app = await NestFactory.create<NestExpressApplication>(ContinuoModule.forRoot({ agents: [ApprovalAgent], env }), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  const person = async (owner: string): Promise<Person> => {
    const scopes = owner === 'root' ? (['read', 'admin'] as const) : (['read', 'write'] as const);
    const { key = '' } = await app.get(ApiKeys).create({ name: owner, owner, tenant: 'home', scopes });
    return { owner, headers: { authorization: `Bearer ${key}` } };
  };
  [ada, bob, admin] = await Promise.all([person('ada'), person('bob'), person('root')]);
});

afterAll(() => app.close());

/** What the audit log says of the task, the oldest first. */
async function audited(taskId: string): Promise<readonly unknown[]> {
  const { body } = await call('GET', `${url}/audit?subject=${taskId}`, admin);
  expect(JSON.stringify(body)).not.toContain(SECRET);
  const entries = at(body, 'entries') as readonly unknown[];
  return entries.map((entry) => [at(entry, 'action'), at(entry, 'owner'), at(entry, 'details')]).toReversed();
}

const send = (how: string, more: object = {}, { headers }: Person = ada, query = ''): Promise<Answer> =>
  call('POST', `${url}/agents/test/approval/tasks${query}`, { headers, body: { message: how, ...more } });

const stateOf = async (taskId: string, { headers }: Person = ada): Promise<string> =>
  textAt((await call('GET', `${url}/tasks/${taskId}`, { headers })).body, 'status', 'state').replace('TASK_STATE_', '');

const reaches = (taskId: string, state: string): Promise<true> =>
  until(async () => (await stateOf(taskId)) === state, { what: `task ${taskId} to be ${state}` });

async function begun(how: string, state: string, more: object = {}): Promise<string> {
  const id = textAt((await send(how, more)).body, 'id');
  await reaches(id, state);
  return id;
}

const say = (taskId: string) => ({
  message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', taskId, parts: [{ text: SECRET }] },
});

const canceled = ['task.canceled', 'ada', { agent: 'test/approval' }];
const answered = ['task.answered', 'ada', { agent: 'test/approval', question: 'approve' }];

describe('by every way in', () => {
  const agent = (): string => `${url}/agents/test/approval`;
  const headers = (): Readonly<Record<string, string>> => ({ ...ada.headers, ...V1 });
  const grpc = async (method: string, asked: object): Promise<unknown> => {
    const { address, tenant } = await grpcOf(url, 'test/approval');
    return callGrpc(grpcClient(address), method, { ...asked, tenant }, { metadata: headers() });
  };
  it.each<[string, (id: string) => Promise<unknown>]>([
    ['POST /tasks/:id:cancel', (id) => call('POST', `${url}/tasks/${id}:cancel`, ada)],
    ['DELETE /agents/…/tasks/:id', (id) => call('DELETE', `${agent()}/tasks/${id}`, ada)],
    ['JSON-RPC', (id) => callRpc(agent(), 'CancelTask', { id }, ada.headers)],
    ['JSON-RPC of 0.3', (id) => callRpc(agent(), 'tasks/cancel', { id }, { ...ada.headers, 'a2a-version': '0.3' })],
    ['HTTP+JSON', (id) => call('POST', `${agent()}/tasks/${id}:cancel`, { headers: headers(), body: {} })],
    ['gRPC', (id) => grpc('cancelTask', { id, metadata: undefined })],
    ['Tasks', (id) => app.get(Tasks).as({ owner: 'ada', tenant: 'home' }).cancel(id)],
  ])('a cancel: %s', async (_, cancel) => {
    const id = await begun('work', 'WORKING');
    await cancel(id);
    expect(await stateOf(id)).toBe('CANCELED');
    expect(await audited(id)).toEqual([canceled]);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['POST /agents/…/tasks', (id) => call('POST', `${agent()}/tasks`, { headers: ada.headers, body: say(id) })],
    ['JSON-RPC', (id) => callRpc(agent(), 'SendMessage', say(id), ada.headers)],
    ['HTTP+JSON', (id) => call('POST', `${agent()}/message:send`, { headers: headers(), body: say(id) })],
    ['gRPC', (id) => grpc('sendMessage', request(SECRET, { taskId: id }))],
    ['Agents', (id) => app.get(Agents).as({ owner: 'ada', tenant: 'home' }).answer(id, SECRET)],
  ])('an answer: %s', async (_, answer) => {
    const id = await begun('ask', 'INPUT_REQUIRED');
    await answer(id);
    await reaches(id, 'COMPLETED');
    expect(await audited(id)).toEqual([answered]);
  });

  it.each<[string, (id: string, from?: 'start') => Promise<unknown>]>([
    ['POST /tasks/:id:retry', (id, from) => call('POST', `${url}/tasks/${id}:retry`, { ...ada, body: { from } })],
    ['Tasks', (id, from) => app.get(Tasks).as({ owner: 'ada', tenant: 'home' }).retry(id, { from })],
  ])('a retry, with where it begins: %s', async (_, retry) => {
    const id = await begun('fail', 'FAILED');
    await retry(id);
    await until(async () => (await audited(id)).length === 1 && (await stateOf(id)) === 'FAILED', { what: 'its end' });
    await retry(id, 'start');
    const retried = (from: string, attempt: number) => [
      'task.retried',
      'ada',
      { agent: 'test/approval', from, attempt },
    ];
    expect(await audited(id)).toEqual([retried('failed-step', 2), retried('start', 3)]);
  });
});

it('names who acted in a session that another shares, and whose the task is', async () => {
  const { body } = await call('POST', `${url}/sessions`, { headers: ada.headers, body: {} });
  const sessionId = textAt(body, 'id');
  const share = { owner: 'bob', access: 'write' };
  await call('POST', `${url}/sessions/${sessionId}/shares`, { headers: ada.headers, body: share });
  const asking = await begun('ask', 'INPUT_REQUIRED', { sessionId });
  expect((await send('', say(asking), bob, '?owner=ada')).status).toBe(200);
  await reaches(asking, 'COMPLETED');
  const failed = await begun('fail', 'FAILED', { sessionId });
  await call('POST', `${url}/tasks/${failed}:retry?owner=ada`, { headers: bob.headers, body: {} });
  const working = await begun('work', 'WORKING', { sessionId });
  await call('POST', `${url}/tasks/${working}:cancel?owner=ada`, bob);

  const bobs = { agent: 'test/approval', taskOwner: 'ada' };
  expect(await audited(asking)).toEqual([['task.answered', 'bob', { ...bobs, question: 'approve' }]]);
  expect(await audited(failed)).toEqual([['task.retried', 'bob', { ...bobs, from: 'failed-step', attempt: 2 }]]);
  expect(await audited(working)).toEqual([['task.canceled', 'bob', bobs]]);
});

it('has nothing of a call that changed nothing: repeated, refused, or under a key that was used', async () => {
  const id = await begun('work', 'WORKING');
  const cancel = (key?: string) =>
    call('POST', `${url}/tasks/${id}:cancel`, {
      headers: { ...ada.headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    });
  const under = await Promise.all([cancel('once'), cancel('once')]);
  expect(under.map(({ status }) => status)).toEqual([200, 200]);
  expect((await cancel('once')).status).toBe(200);
  expect((await cancel()).status).toBe(400);
  expect(await audited(id)).toEqual([canceled]);

  const asking = await begun('ask', 'INPUT_REQUIRED');
  const twice = say(asking);
  await Promise.all([send('', twice), send('', twice), send('', say(asking)), send('', say(asking))]);
  await reaches(asking, 'COMPLETED');
  await send('', say(asking));
  expect(await audited(asking)).toEqual([answered]);
  expect((await call('POST', `${url}/tasks/${asking}:retry`, { ...ada, body: {} })).status).toBe(400);
  expect(await audited(asking)).toEqual([answered]);

  const told = await begun('work', 'WORKING');
  expect((await send('', say(told))).status).toBe(200);
  expect(await audited(told)).toEqual([]);
});

it('names a question that has a name, also where a task passes on what another asks, and no words', async () => {
  const passing = await begun('ask through another', 'INPUT_REQUIRED');
  await send('', say(passing));
  await reaches(passing, 'COMPLETED');
  expect(await audited(passing)).toEqual([answered]);
  const { body } = await call('GET', `${url}/tasks?parentTaskId=${passing}`, ada);
  expect(await audited(textAt(body, 'tasks', 0, 'id'))).toEqual([]);

  const wordy = await begun('ask in words', 'INPUT_REQUIRED');
  await send('', say(wordy));
  await reaches(wordy, 'COMPLETED');
  expect(await audited(wordy)).toEqual([['task.answered', 'ada', { agent: 'test/approval' }]]);
});

it('has what a person cancelled, and not what the server cancels with it', async () => {
  const parent = await begun('call another', 'WORKING');
  const below = await until(
    async () => textAt((await call('GET', `${url}/tasks?parentTaskId=${parent}`, ada)).body, 'tasks', 0, 'id') || false,
    { what: 'the child' },
  );
  await call('POST', `${url}/tasks/${parent}:cancel`, ada);
  expect(await stateOf(below)).toBe('CANCELED');
  expect([await audited(parent), await audited(below)]).toEqual([[canceled], []]);

  const sessionId = textAt((await call('POST', `${url}/sessions`, { headers: ada.headers, body: {} })).body, 'id');
  const inSession = await begun('work', 'WORKING', { sessionId });
  await call('DELETE', `${url}/sessions/${sessionId}`, ada);
  expect(await audited(inSession)).toEqual([]);
});

it('says which message interrupted a task, and filters by the action', async () => {
  const sessionId = textAt((await call('POST', `${url}/sessions`, { headers: ada.headers, body: {} })).body, 'id');
  const first = await begun('work', 'WORKING', { sessionId });
  const second = await begun('ask', 'INPUT_REQUIRED', { sessionId });
  const interrupted = ['task.canceled', 'ada', { agent: 'test/approval', interruptedBy: second }];
  expect(await audited(first)).toEqual([interrupted]);
  const of = async (action: string): Promise<unknown> =>
    at((await call('GET', `${url}/audit?subject=${first}&action=${action}`, admin)).body, 'entries', 'length');
  expect([await of('task.canceled'), await of('task.retried')]).toEqual([1, 0]);
});
