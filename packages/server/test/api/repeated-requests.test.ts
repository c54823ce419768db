/** What is made under an Idempotency-Key is made once, whatever it is and whatever path asks for it. */
import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

let url: string;
const V1 = { 'a2a-version': '1.0' };
const withKey = (key = randomUUID()): Record<string, string> => ({ 'idempotency-key': key });
const refusedField = ({ body }: Answer): unknown => at(body, 'error', 'details', 0, 'metadata', 'field');

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', CONTINUO_GRPC_PORT: '0', CONTINUO_LOG_LEVEL: 'silent' };
  const server = await startServer({ agents: [EchoAgent], env });
  ({ url } = server);
  afterThisTest(() => server.stop());
});

describe('a push notification config without an id', () => {
  const echo = (): string => `${url}/agents/function/echo`;
  const config = { url: 'https://receiver.example/hook' };

  async function newTask(): Promise<string> {
    return textAt((await call('POST', `${echo()}/tasks`, { body: { message: 'hi', wait: true } })).body, 'id');
  }

  const configsOf = async (taskId: string): Promise<unknown> =>
    at((await call('GET', `${echo()}/tasks/${taskId}/pushNotificationConfigs`, { headers: V1 })).body, 'configs');

  it('is one over all bindings', async () => {
    const taskId = await newTask();
    const headers = withKey();
    const { address, tenant } = await grpcOf(url, 'function/echo');
    const client = grpcClient(address);
    afterThisTest(async () => client.close());
    const overRpc = (more: object = {}) =>
      callRpc(echo(), 'CreateTaskPushNotificationConfig', { taskId, ...config, ...more }, headers);
    const overRest = () =>
      call('POST', `${echo()}/tasks/${taskId}/pushNotificationConfigs`, {
        body: config,
        headers: { ...V1, ...headers },
      });
    const made = await Promise.all([overRpc(), overRpc(), overRest()]);
    made.push(await overRest());
    const ids = made.map(({ body }) => textAt(at(body, 'result') ?? body, 'id'));
    expect(new Set(ids).size).toBe(1);
    expect(await configsOf(taskId)).toHaveLength(1);
    const overGrpc = { tenant, taskId, ...config };
    const own = { metadata: withKey() };
    const first = await callGrpc(client, 'createTaskPushNotificationConfig', overGrpc, own);
    const second = await callGrpc(client, 'createTaskPushNotificationConfig', overGrpc, own);
    expect(textAt(first.answer, 'id')).not.toBe('');
    expect(second.answer).toEqual(first.answer);
    expect(await configsOf(taskId)).toHaveLength(2);
    const other = await overRpc({ url: 'https://receiver.example/other' });
    expect(textAt(other.body, 'error', 'message')).toContain('Idempotency-Key');
    expect(await configsOf(taskId)).toHaveLength(2);
  });

  it('is a new one without a key', async () => {
    const taskId = await newTask();
    for (const _ of [1, 2]) await callRpc(echo(), 'CreateTaskPushNotificationConfig', { taskId, ...config });
    expect(await configsOf(taskId)).toHaveLength(2);
  });
});

describe('an upload', () => {
  const content = randomBytes(1_200_000);
  const sha256 = createHash('sha256').update(content).digest('hex');

  async function upload(body: Buffer, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${url}/files`, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  const filesIn = async (sessionId: string): Promise<unknown> =>
    at((await call('GET', `${url}/files?sessionId=${sessionId}`)).body, 'files');

  it('is one file', async () => {
    const headers = withKey();
    const first = await upload(content, headers);
    expect([first.status, at(first.body, 'sha256')]).toEqual([201, sha256]);
    const second = await upload(content, headers);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await filesIn(textAt(first.body, 'sessionId'))).toHaveLength(1);
  });

  it('at once is one file: one of the two may be told that the other goes on', async () => {
    const headers = withKey();
    const answers = await Promise.all([upload(content, headers), upload(content, headers)]);
    const last = await upload(content, headers);
    expect([last.status, at(last.body, 'sha256')]).toEqual([201, sha256]);
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(made).toEqual(made.map(() => last.body));
    expect(await filesIn(textAt(last.body, 'sessionId'))).toHaveLength(1);
  });

  it('goes on where the connection was lost', async () => {
    const sessionId = randomUUID();
    const key = randomUUID();
    const head = [
      `POST /files?sessionId=${sessionId} HTTP/1.1`,
      `Host: ${new URL(url).host}`,
      'Content-Type: application/octet-stream',
      `Content-Length: ${content.length}`,
      `Idempotency-Key: ${key}`,
    ];
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(content.subarray(0, 700_000));
    const begun = async (): Promise<boolean> => {
      const { body } = await call('GET', `${url}/files?sessionId=${sessionId}&complete=false`);
      return Number(at(body, 'files', 0, 'bytes') ?? 0) > 0;
    };
    await until(begun, { what: 'something of it to be stored' });
    socket.destroy();
    const again = async (): Promise<Answer> => {
      const response = await fetch(`${url}/files?sessionId=${sessionId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...withKey(key) },
        body: content,
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
    // What the first request has left may still be on its way to the database.
    await until(async () => (await again()).status === 201, { what: 'the file' });
    const { body } = await again();
    expect(at(body, 'sha256')).toBe(sha256);
    expect(await filesIn(sessionId)).toHaveLength(1);
    const response = await fetch(textAt(body, 'url'));
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  it('is refused with other content, or under another name', async () => {
    const headers = withKey();
    await upload(content, headers);
    const other = await upload(randomBytes(content.length), headers);
    expect([other.status, refusedField(other)]).toEqual([400, 'Idempotency-Key']);
    const named = await upload(content, { ...headers, 'content-disposition': 'attachment; filename="b"' });
    expect([named.status, refusedField(named)]).toEqual([400, 'Idempotency-Key']);
  });

  it('that is continued gives its place again, and keeps what came since', async () => {
    const headers = { ...withKey(), 'upload-complete': '?0' };
    const first = await upload(content.subarray(0, 600_000), headers);
    const place = first.headers.get('location') ?? '';
    const again = await upload(content.subarray(0, 600_000), headers);
    expect([again.headers.get('location'), again.headers.get('upload-offset')]).toEqual([place, '600000']);
    const rest = await fetch(place, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/partial-upload',
        'upload-offset': '600000',
        'upload-complete': '?1',
      },
      body: content.subarray(600_000),
    });
    expect(at(await rest.json(), 'sha256')).toBe(sha256);
    const last = await upload(content.subarray(0, 600_000), headers);
    expect([last.status, at(last.body, 'sha256')]).toEqual([201, sha256]);
  });
});

describe('a turn over another protocol', () => {
  const tasksIn = async (sessionId: string): Promise<unknown> =>
    at((await call('GET', `${url}/tasks?sessionId=${sessionId}`)).body, 'totalSize');

  async function post(path: string, body: object, headers: Record<string, string>): Promise<string> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    });
    return `${response.status} ${await response.text()}`;
  }

  it("of AI SDK's answers anew once", async () => {
    const id = randomUUID();
    const said = { id: 'm1', role: 'user', parts: [{ type: 'text', text: 'hello' }] };
    const chat = { id, messages: [said] };
    await post('/ai-sdk/function/echo', chat, {});
    const headers = withKey();
    const again = { ...chat, trigger: 'regenerate-message' };
    const first = await post('/ai-sdk/function/echo', again, headers);
    expect(first).toContain('"finish"');
    expect(await post('/ai-sdk/function/echo', again, headers)).toBe(first);
    expect(await tasksIn(id)).toBe(2);
    const other = { ...again, messages: [{ ...said, parts: [{ type: 'text', text: 'bye' }] }] };
    expect(await post('/ai-sdk/function/echo', other, headers)).toMatch(/^400 .*Idempotency-Key/s);
  });

  it('of AG-UI is refused for another message', async () => {
    const threadId = randomUUID();
    const headers = withKey();
    const run = (text: string) => ({
      threadId,
      runId: randomUUID(),
      state: {},
      tools: [],
      context: [],
      forwardedProps: {},
      messages: [{ id: randomUUID(), role: 'user', content: text }],
    });
    const one = run('hello');
    expect(await post('/ag-ui/function/echo', one, headers)).toMatch(/^200 .*RUN_FINISHED/s);
    expect(await post('/ag-ui/function/echo', one, headers)).toMatch(/^200 .*RUN_FINISHED/s);
    expect(await post('/ag-ui/function/echo', run('bye'), headers)).toContain('Idempotency-Key');
    expect(await tasksIn(threadId)).toBe(1);
  });

  it('of MCP is one call', async () => {
    const headers = withKey();
    const before = await countOfEcho();
    const params = { name: 'function_echo', arguments: { message: 'hello' } };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    const first = await post('/mcp', body, headers);
    expect(first).toMatch(/^200 .*hello/s);
    expect(await post('/mcp', body, headers)).toMatch(/^200 .*hello/s);
    expect(await countOfEcho()).toBe(before + 1);
  });

  async function countOfEcho(): Promise<number> {
    return Number(at((await call('GET', `${url}/tasks?agent=function/echo`)).body, 'totalSize'));
  }
});
