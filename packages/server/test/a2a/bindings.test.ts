/** What is the same whatever path and binding a client takes: errors, streams that wait, tasks with odd parts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type AgentAnswer, type TaskContext } from '../../src/index.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer } from '../../src/server.js';
import { connectOld, request, send, transports } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { callGrpc, grpcClient, grpcOf, streamGrpc } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';
import { startReceiver } from '../support/webhook-receiver.js';

const V1 = { 'a2a-version': '1.0' };
const NOWHERE = '00000000-0000-7000-8000-000000000000';

@A2AAgent({ type: 'test', name: 'locked', description: 'Asks for a key.' })
class Locked extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return task.text === 'ask' ? (await task.requestInput('Which?')).text : (await task.requestAuth('Your key?')).text;
  }
}

/** What A2A or its clients may stumble over. */
const odd = [
  { text: '' },
  { data: null },
  { data: 5 },
  { data: 'text' },
  { data: [1, null] },
  { data: { __proto__: null, nested: { a: [] } } },
  { raw: '' },
  { url: 'https://files.example/x' },
  { text: 'a', metadata: {} },
] as const;

@A2AAgent({ type: 'test', name: 'odd', description: 'Makes odd parts.' })
class Odd extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    for (const [index, part] of odd.entries()) {
      await task.artifact({ artifactId: `odd ${index}`, parts: [part] }).catch(() => undefined);
    }
    await task.artifact({ artifactId: 'last', parts: 'the last' });
  }
}

let url = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', HOST: '[::1]', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_GRPC_PORT: '0' };
  const server = await startServer({ agents: [EchoAgent, Locked, Odd], env });
  url = server.url;
  afterThisTest(() => server.stop());
});

const echo = (): string => `${url}/agents/function/echo`;
const messageOf = (text: string, more: object = {}) => ({
  messageId: crypto.randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...more,
});

it('listens where HOST has brackets', () => {
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
});

describe('an error', () => {
  const rpc = async (method: string, params: unknown) =>
    at((await callRpc(echo(), method, params)).body, 'error', 'data');
  const rest = async (method: string, path: string, body?: unknown, headers: object = V1) =>
    at(
      (await call(method, echo() + path, { body, headers: headers as Readonly<Record<string, string>> })).body,
      'error',
      'details',
    );
  const malformed = (field: string) => [
    { reason: 'INVALID_PARAMS', domain: 'a2a-protocol.org', metadata: { field } },
    { fieldViolations: [{ field, description: expect.stringContaining('expected') as string }] },
  ];

  it.each([
    ['message', () => rpc('SendMessage', {}), () => rest('POST', '/message:send', {})],
    ['message', () => rpc('SendStreamingMessage', {}), () => rest('POST', '/message:stream', {})],
    [
      'historyLength',
      () => rpc('GetTask', { id: NOWHERE, historyLength: -1 }),
      () => rest('GET', `/tasks/${NOWHERE}?historyLength=-1`),
    ],
    ['pageSize', () => rpc('ListTasks', { pageSize: 0 }), () => rest('GET', '/tasks?pageSize=0')],
    ['pageToken', () => rpc('ListTasks', { pageToken: 'x' }), () => rest('GET', '/tasks?pageToken=x')],
  ])('about %s says so alike over both bindings, with the field', async (field, overRpc, overRest) => {
    expect(await overRest()).toMatchObject(malformed(field));
    expect(await overRpc()).toMatchObject(malformed(field));
  });

  it('that is no JSON-RPC, or no JSON, has the same details', async () => {
    expect(await rest('POST', '/message:send', '{')).toMatchObject(malformed('body'));
    const { headers } = await call('POST', `${echo()}/message:send`, { body: '{', headers: V1 });
    expect(headers.get('content-type')).toContain('application/a2a+json');
    for (const body of ['[]', '{']) {
      const { body: answer } = await call('POST', echo(), { body, headers: V1 });
      expect(at(answer, 'error', 'data')).toMatchObject(malformed('body'));
    }
  });

  it.each([
    ['TASK_NOT_FOUND', 'GetTask', { id: NOWHERE }, 'GET', `/tasks/${NOWHERE}`],
    ['TASK_NOT_FOUND', 'CancelTask', { id: NOWHERE }, 'POST', `/tasks/${NOWHERE}:cancel`],
    ['TASK_NOT_FOUND', 'SubscribeToTask', { id: NOWHERE }, 'GET', `/tasks/${NOWHERE}:subscribe`],
    ['UNSUPPORTED_OPERATION', 'GetExtendedAgentCard', {}, 'GET', '/extendedAgentCard'],
  ])('%s of %s is A2A’s own over both bindings', async (reason, method, params, http, path) => {
    const own = [{ reason, domain: 'a2a-protocol.org' }];
    expect(await rpc(method, params)).toMatchObject(own);
    expect(await rest(http, path)).toMatchObject(own);
  });

  it('of the plain API is as it was', async () => {
    expect(await rest('GET', '/tasks?pageSize=0', undefined, {})).toMatchObject([
      { reason: 'INVALID_ARGUMENT', domain: 'continuo', metadata: { field: 'pageSize' } },
      { fieldViolations: [{ field: 'pageSize' }] },
    ]);
  });
});

describe('a notification', () => {
  const notify = (body: object, version: object = V1) =>
    fetch(echo(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...version },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });

  it.each(['SendMessage', 'SendStreamingMessage', 'message/send', 'message/stream'])(
    '%s is carried out, and not answered',
    async (method) => {
      const contextId = crypto.randomUUID();
      const old = { kind: 'message', role: 'user', parts: [{ kind: 'text', text: 'quietly' }] };
      const message = messageOf('quietly', { contextId, ...(method.includes('/') ? old : {}) });
      const answer = await notify({ method, params: { message } }, method.includes('/') ? {} : V1);
      expect([answer.status, await answer.text()]).toEqual([204, '']);
      const found = async (): Promise<boolean> =>
        at((await call('GET', `${echo()}/tasks?contextId=${contextId}`)).body, 'totalSize') === 1;
      await until(found, { what: 'the task' });
    },
  );

  it.each([
    { method: 'SendMessage', params: {} },
    { method: 'NoSuchMethod' },
    { method: 'message/stream', params: {} },
    { method: 'GetTask', params: { id: NOWHERE } },
  ])('that fails is not answered: %j', async (body) => {
    const answer = await notify(body);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });
});

describe('a notification of 0.3', () => {
  it('waits for nothing, and follows nothing', async () => {
    const message = { ...messageOf('ask'), kind: 'message', role: 'user', parts: [{ kind: 'text', text: 'ask' }] };
    const notify = (method: string, params: object) =>
      fetch(`${url}/agents/test/locked`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', method, params }),
      });
    const answers = await Promise.all([
      notify('message/stream', { message }),
      notify('tasks/resubscribe', { id: NOWHERE }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  });
});

describe('a stream', () => {
  const open = (text: string, path = 'message:stream') =>
    fetch(`${url}/agents/test/locked/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V1 },
      body: JSON.stringify({ message: messageOf(text) }),
    });

  it('stays open while credentials are waited for, and ends with its task', async () => {
    const frames = allFramesOf(await open('auth'));
    const waiting = async (): Promise<string | false> => {
      const { body } = await call('GET', `${url}/agents/test/locked/tasks?state=AUTH_REQUIRED`);
      return textAt(body, 'tasks', 0, 'id') || false;
    };
    const taskId = await until(waiting, { what: 'the question' });
    await call('POST', `${url}/agents/test/locked/tasks`, {
      body: { message: { taskId, parts: [{ text: 'secret' }] } },
    });
    const states = (await frames).map(({ data }) => textAt(data, 'statusUpdate', 'status', 'state'));
    expect(states).toContain('TASK_STATE_AUTH_REQUIRED');
    expect(states.at(-1)).toBe('TASK_STATE_COMPLETED');
  });

  it('over gRPC begins with less than its clients take, whatever was sent', async () => {
    const { address, tenant } = await grpcOf(url, 'function/echo');
    const client = grpcClient(address);
    const seen: unknown[] = [];
    const sent = { ...request('x'.repeat(5_000_000)), tenant };
    const stream = streamGrpc(client, 'sendStreamingMessage', sent);
    for await (const event of stream) seen.push(event);
    client.close();
    expect(at(seen[0], 'payload')).toMatchObject({ $case: 'task', value: { history: [] } });
    expect(at(seen.at(-1), 'payload', 'value', 'status')).toBeDefined();
  });

  it('of a message ends where input is asked for', async () => {
    const frames = await allFramesOf(await open('ask'));
    expect(textAt(frames.at(-1)?.data, 'statusUpdate', 'status', 'state')).toBe('TASK_STATE_INPUT_REQUIRED');
  });
});

describe('a task with odd parts', () => {
  it('is read over both bindings', async () => {
    const rpc = await callRpc(`${url}/agents/test/odd`, 'SendMessage', { message: messageOf('go') });
    const id = textAt(rpc.body, 'result', 'task', 'id');
    expect(textAt(rpc.body, 'result', 'task', 'status', 'state')).toBe('TASK_STATE_COMPLETED');
    const rest = await call('GET', `${url}/agents/test/odd/tasks/${id}`, { headers: V1 });
    const artifacts = at(rest.body, 'artifacts') as readonly object[];
    expect(artifacts.at(-1)).toMatchObject({ artifactId: 'last', parts: [{ text: 'the last' }] });
    expect(artifacts.length).toBeGreaterThan(6);
  });

  it('has its null whatever asks for it, and over gRPC', async () => {
    const nulls = (task: unknown): unknown => at(task, 'artifacts', 1, 'parts');
    const rpc = await callRpc(`${url}/agents/test/odd`, 'SendMessage', { message: messageOf('go') });
    const sent = await call('POST', `${url}/agents/test/odd/message:send`, {
      body: { message: messageOf('go') },
      headers: V1,
    });
    const id = textAt(rpc.body, 'result', 'task', 'id');
    const got = await call('GET', `${url}/agents/test/odd/tasks/${id}`, { headers: V1 });
    for (const task of [at(rpc.body, 'result', 'task'), at(sent.body, 'task'), got.body]) {
      expect(nulls(task)).toEqual([{ data: null }]);
    }
    const { address, tenant } = await grpcOf(url, 'test/odd');
    const client = grpcClient(address);
    const isNull = { content: { $case: 'data', value: null } };
    const { answer } = await callGrpc(client, 'sendMessage', { ...request('go'), tenant });
    expect(nulls(at(answer, 'payload', 'value'))).toMatchObject([isNull]);
    const parts: unknown[] = [];
    for await (const event of streamGrpc(client, 'sendStreamingMessage', { ...request('go'), tenant })) {
      const said = at(event, 'payload', 'value', 'artifact');
      if (at(said, 'artifactId') === 'odd 1') parts.push(...(at(said, 'parts') as readonly unknown[]));
    }
    expect(parts).toMatchObject([isNull]);
    client.close();
  });

  it('reaches receivers of 0.3', async () => {
    const endpoint = (await startReceiver()).at('old');
    const parts = [{ kind: 'text', text: 'go' }];
    const message = { kind: 'message', messageId: crypto.randomUUID(), role: 'user', parts };
    const configuration = { pushNotificationConfig: { url: endpoint.url } };
    const params = { message, configuration };
    await call('POST', `${url}/agents/test/odd`, { body: { jsonrpc: '2.0', id: 1, method: 'message/send', params } });
    const ended = () => textAt(endpoint.received.at(-1)?.body, 'status', 'state') === 'completed';
    await until(ended, { what: 'the end of the task' });
    expect(at(endpoint.received.at(-1)?.body, 'artifacts', 1, 'parts', 0)).toMatchObject({ data: { value: null } });
  });

  it.each(transports)('is read by clients of 0.3 over %s', async (transport) => {
    const client = await connectOld(url, 'test/odd', transport);
    const task = await send(client, 'go');
    expect(task.artifacts.at(-1)?.artifactId).toBe('last');
    expect((await client.getTask({ id: task.id, tenant: '', historyLength: 10 })).artifacts).toHaveLength(
      task.artifacts.length,
    );
    const kinds: string[] = [];
    for await (const { payload } of client.sendMessageStream(request('go'))) kinds.push(payload?.$case ?? '');
    expect(kinds.at(-1)).toBe('statusUpdate');
  });
});
