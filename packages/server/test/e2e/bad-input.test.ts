/** Everything that can be wrong with a request, over every binding: the right error, the field at fault, nothing stored. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let database: pg.Client;
let url: string;
let echo: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  database = new pg.Client(databaseUrl);
  await database.connect();
  const env = { DATABASE_URL: databaseUrl, CONTINUO_BODY_LIMIT_BYTES: '20000', CONTINUO_BODY_LIMIT_VALUES: '5000' };
  ({ url } = await startServer({ entry, env }));
  echo = `${url}/agents/function/echo`;
});

afterAll(() => database.end());

async function stored(): Promise<unknown> {
  const result = await database.query(
    `SELECT (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM task_events) AS events,
       (SELECT count(*) FROM messages) AS messages, (SELECT json_agg(s.updated_at) FROM sessions s) AS sessions,
       (SELECT json_agg(t.state) FROM tasks t) AS states`,
  );
  return result.rows;
}

/** Why a request was refused: where each binding has its code, and the field at fault. Rejects when something was stored. */
async function refused(ask: () => Promise<Answer>): Promise<unknown> {
  const before = JSON.stringify(await stored());
  const { status, body } = await ask();
  const after = JSON.stringify(await stored());
  if (after !== before) throw new Error(`it was refused with ${status}, but changed what is stored to ${after}`);
  const error = at(body, 'error');
  const info = at(error, 'data', 0) ?? at(error, 'details', 0);
  return { http: status, code: at(error, 'code'), reason: at(info, 'reason'), field: at(info, 'metadata', 'field') };
}

const messageWith = (changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text: 'hello' }],
  ...changes,
});

describe.each([
  ['no message', undefined, 'message'],
  ['null for a message', null, 'message'],
  ['a list for a message', [], 'message'],
  ['too long an id', messageWith({ messageId: 'x'.repeat(300) }), 'message.messageId'],
  ['an unknown role', messageWith({ role: 'user' }), 'message.role'],
  ['the role of an agent', messageWith({ role: 'ROLE_AGENT' }), 'message.role'],
  ['no parts', messageWith({ parts: undefined }), 'message.parts'],
  ['an empty list of parts', messageWith({ parts: [] }), 'message.parts'],
  ['an unknown part', messageWith({ parts: [{ text: 'a' }, { sound: 'x' }] }), 'message.parts[1]'],
  ['an empty part', messageWith({ parts: [{}] }), 'message.parts[0]'],
  ['a part of two kinds', messageWith({ parts: [{ text: 'a', data: 1 }] }), 'message.parts[0]'],
  ['a number for a text', messageWith({ parts: [{ text: 5 }] }), 'message.parts[0].text'],
  ['a file that is not base64', messageWith({ parts: [{ raw: '%%%' }] }), 'message.parts[0].raw'],
  ['an address that is none', messageWith({ parts: [{ url: 'no url' }] }), 'message.parts[0].url'],
  ['a list for metadata', messageWith({ metadata: [] }), 'message.metadata'],
  ['a number for a context', messageWith({ contextId: 5 }), 'message.contextId'],
  ['a null character', messageWith({ parts: [{ text: 'a\0b' }] }), 'message.parts[0].text'],
  ['half an emoji', messageWith({ parts: [{ data: { a: '\ud83d' } }] }), 'message.parts[0].data.a'],
])('a message with %s is refused', (_what, message, field) => {
  const malformed = { http: 400, reason: 'INVALID_PARAMS', field };

  it('over JSON-RPC', async () => {
    const expected = { http: 200, code: -32602, reason: 'INVALID_PARAMS', field };
    expect(await refused(() => callRpc(echo, 'SendMessage', { message }))).toMatchObject(expected);
    expect(await refused(() => callRpc(echo, 'SendStreamingMessage', { message }))).toMatchObject(expected);
  });

  it('over HTTP+JSON', async () => {
    expect(await refused(() => call('POST', `${echo}/message:send`, { body: { message } }))).toMatchObject(malformed);
    expect(await refused(() => call('POST', `${echo}/message:stream`, { body: { message } }))).toMatchObject(malformed);
  });

  it('over the plain endpoint', async () => {
    const expected = { ...malformed, reason: 'INVALID_ARGUMENT' };
    expect(await refused(() => call('POST', `${echo}/tasks`, { body: { message } }))).toMatchObject(expected);
  });
});

describe('a body', () => {
  const large = { message: messageWith({ parts: [{ text: 'x'.repeat(30_000) }] }) };
  const rpc = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: messageWith({}) } };
  const paths = ['', '/message:send', '/message:stream', '/tasks'];

  it.each(paths)('that is no JSON is refused: POST …%s', async (path) => {
    const expected = { http: 400, code: path === '' ? -32700 : 400, field: 'body' };
    expect(await refused(() => call('POST', echo + path, { body: '{"message":' }))).toMatchObject(expected);
  });

  it.each(paths)('of too many values is refused: POST …%s', async (path) => {
    const expected = { http: 400, code: path === '' ? -32600 : 400, field: 'body' };
    const body = `{"message":[${'1,'.repeat(9_000)}1]}`;
    expect(await refused(() => call('POST', echo + path, { body }))).toMatchObject(expected);
  });

  it.each(paths)('over the limit is refused: POST …%s', async (path) => {
    const body = path === '' ? { ...rpc, params: large } : large;
    expect(await refused(() => call('POST', echo + path, { body }))).toMatchObject({
      http: 413,
      reason: 'PAYLOAD_TOO_LARGE',
    });
  });

  it.each(paths)('of another media type is refused: POST …%s', async (path) => {
    const body = JSON.stringify(path === '' ? rpc : { message: messageWith({}) });
    const expected = { http: 415, reason: 'CONTENT_TYPE_NOT_SUPPORTED', field: 'Content-Type' };
    const headers = { 'content-type': 'text/plain' };
    expect(await refused(() => call('POST', echo + path, { body, headers }))).toMatchObject(expected);
  });

  it.each(['', '[]', '"x"', '42', 'null', '{}', '{"jsonrpc":"1.0","id":1,"method":"SendMessage","params":{}}'])(
    'that is no JSON-RPC request is refused: %s',
    async (body) => {
      expect(await refused(() => call('POST', echo, { body }))).toMatchObject({
        http: 200,
        code: -32600,
        field: 'body',
      });
    },
  );

  it.each([
    ['an unknown method', { ...rpc, method: 'Dance' }, { code: -32601 }],
    ['a method that is no text', { ...rpc, method: 5 }, { code: -32600 }],
    ['an id that is no id', { ...rpc, id: {} }, { code: -32600 }],
    ['no params', { ...rpc, params: undefined }, { code: -32602, field: 'params' }],
    ['params in a list', { ...rpc, params: [] }, { code: -32602, field: 'params' }],
  ])('that is a JSON-RPC request with %s is refused', async (_what, body, expected) => {
    expect(await refused(() => call('POST', echo, { body }))).toMatchObject({ http: 200, ...expected });
  });
});

describe.each([
  ['historyLength', -1],
  ['historyLength', 1.5],
  ['historyLength', 'all'],
  ['returnImmediately', 'yes'],
  ['acceptedOutputModes', 'text'],
])('the configuration { %s: %j } is refused', (name, value) => {
  const params = { message: messageWith({}), configuration: { [name]: value } };
  const field = `configuration.${name}`;

  it('over JSON-RPC and HTTP+JSON', async () => {
    expect(await refused(() => callRpc(echo, 'SendMessage', params))).toMatchObject({ code: -32602, field });
    expect(await refused(() => call('POST', `${echo}/message:send`, { body: params }))).toMatchObject({
      http: 400,
      field,
    });
  });
});

describe.each([
  ['pageSize', 0],
  ['pageSize', 101],
  ['pageSize', 'abc'],
  ['pageToken', 'nonsense'],
  ['status', 'BUSY'],
  ['statusTimestampAfter', 'yesterday'],
  ['historyLength', -1],
])('a list with { %s: %j } is refused', (name, value) => {
  it('over every binding', async () => {
    expect(await refused(() => callRpc(echo, 'ListTasks', { [name]: value }))).toMatchObject({
      code: -32602,
      field: name,
    });
    for (const path of [`${echo}/tasks`, `${echo}/some-tenant/tasks`, `${url}/tasks`]) {
      expect(await refused(() => call('GET', `${path}?${name}=${value}`))).toMatchObject({
        http: 400,
        code: 400,
        field: name,
      });
    }
  });
});

describe('what is not there', () => {
  const unknown = ['nothing', randomUUID()];

  it.each(unknown)('task %s: is not found over any binding', async (id) => {
    for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
      expect(await refused(() => callRpc(echo, method, { id }))).toMatchObject({
        http: 200,
        code: -32001,
        reason: 'TASK_NOT_FOUND',
      });
    }
    const message = messageWith({ taskId: id });
    expect(await refused(() => callRpc(echo, 'SendMessage', { message }))).toMatchObject({ code: -32001 });
    for (const [method, path] of [
      ['GET', `${echo}/tasks/${id}`],
      ['POST', `${echo}/tasks/${id}:cancel`],
      ['POST', `${echo}/tasks/${id}:subscribe`],
      ['DELETE', `${echo}/tasks/${id}`],
      ['GET', `${url}/tasks/${id}`],
      ['GET', `${url}/tasks/${id}/events`],
      ['POST', `${url}/tasks/${id}:cancel`],
    ] as const) {
      expect(await refused(() => call(method, path))).toMatchObject({ http: 404, code: 404, reason: 'TASK_NOT_FOUND' });
    }
  });

  it('no agent: is not found over any binding', async () => {
    const nobody = `${url}/agents/no/body`;
    const expected = { http: 404, reason: 'AGENT_NOT_FOUND' };
    const message = messageWith({});
    expect(await refused(() => callRpc(nobody, 'SendMessage', { message }))).toMatchObject(expected);
    expect(await refused(() => call('POST', `${nobody}/message:send`, { body: { message } }))).toMatchObject(expected);
    expect(await refused(() => call('POST', `${nobody}/tasks`, { body: { message } }))).toMatchObject(expected);
    expect(await refused(() => call('GET', `${nobody}/.well-known/agent-card.json`))).toMatchObject(expected);
  });

  it('no session: is not found, and none is opened by naming it', async () => {
    const expected = { http: 404, reason: 'SESSION_NOT_FOUND' };
    const body = { message: 'hello', sessionId: 'nowhere' };
    expect(await refused(() => call('POST', `${echo}/tasks`, { body }))).toMatchObject(expected);
    expect(await refused(() => call('GET', `${url}/sessions/nowhere`))).toMatchObject(expected);
    expect(await refused(() => call('GET', `${url}/sessions/nowhere/messages`))).toMatchObject(expected);
  });

  it('no id at all: is refused, naming the field', async () => {
    for (const params of [{}, { id: '' }, { id: 5 }]) {
      for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
        expect(await refused(() => callRpc(echo, method, params))).toMatchObject({ code: -32602, field: 'id' });
      }
    }
    expect(await refused(() => callRpc(echo, 'GetTask', { id: 'x', historyLength: -1 }))).toMatchObject({
      field: 'historyLength',
    });
    expect(await refused(() => call('GET', `${echo}/tasks/x?historyLength=-1`))).toMatchObject({
      http: 400,
      field: 'historyLength',
    });
  });
});

describe('a task in the wrong state', () => {
  it('that has ended takes no message and can not be cancelled', async () => {
    const done = await call('POST', `${echo}/tasks`, { body: { message: 'hello', wait: true } });
    const id = textAt(done.body, 'id');
    const message = messageWith({ taskId: id });
    const ended = { http: 400, reason: 'UNSUPPORTED_OPERATION' };
    expect(await refused(() => callRpc(echo, 'SendMessage', { message }))).toMatchObject({ http: 200, code: -32004 });
    expect(await refused(() => callRpc(echo, 'SendStreamingMessage', { message }))).toMatchObject({
      http: 200,
      code: -32004,
    });
    expect(await refused(() => call('POST', `${echo}/message:send`, { body: { message } }))).toMatchObject(ended);
    expect(await refused(() => call('POST', `${echo}/tasks`, { body: { message } }))).toMatchObject(ended);
    expect(await refused(() => callRpc(echo, 'SubscribeToTask', { id }))).toMatchObject({ http: 200, code: -32004 });

    const final = { http: 400, reason: 'TASK_NOT_CANCELABLE' };
    expect(await refused(() => callRpc(echo, 'CancelTask', { id }))).toMatchObject({ http: 200, code: -32002 });
    expect(await refused(() => call('POST', `${echo}/tasks/${id}:cancel`))).toMatchObject(final);
    expect(await refused(() => call('DELETE', `${echo}/tasks/${id}`))).toMatchObject(final);
    expect(await refused(() => call('POST', `${url}/tasks/${id}:cancel`))).toMatchObject(final);
  });

  it('that waits in another context than the message names is left waiting', async () => {
    const agent = `${url}/agents/test/asks-twice`;
    const asked = await call('POST', `${agent}/tasks`, { body: { message: 'go', wait: true } });
    const message = messageWith({ taskId: textAt(asked.body, 'id'), contextId: randomUUID() });
    const field = 'message.contextId';
    expect(await refused(() => callRpc(agent, 'SendMessage', { message }))).toMatchObject({
      http: 200,
      code: -32602,
      field,
    });
    expect(await refused(() => call('POST', `${agent}/message:send`, { body: { message } }))).toMatchObject({
      http: 400,
      field,
    });
    expect(await refused(() => call('POST', `${agent}/tasks`, { body: { message } }))).toMatchObject({
      http: 400,
      field,
    });
  });
});
