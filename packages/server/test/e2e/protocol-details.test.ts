/** What clients of several makes and versions rely on at the edges of A2A: cards, spellings, media types, versions, heads. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const V1 = { 'a2a-version': '1.0' };
let url: string;
let echo: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } }));
  echo = `${url}/agents/function/echo`;
});

function rpc(method: string, params: unknown): Promise<unknown> {
  return callRpc(echo, method, params).then(({ body }) => body);
}

async function echoed(text: string): Promise<string> {
  const message = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }] };
  return textAt(await rpc('SendMessage', { message }), 'result', 'task', 'id');
}

describe('a card', () => {
  it.each(['agent-card.json', 'agent.json'])('at %s has what clients of 0.3 look for, beside 1.0', async (name) => {
    const { status, body } = await call('GET', `${echo}/.well-known/${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      url: echo,
      protocolVersion: '0.3.0',
      preferredTransport: 'JSONRPC',
      additionalInterfaces: [
        { url: echo, transport: 'JSONRPC' },
        { url: echo, transport: 'HTTP+JSON' },
      ],
      supportedInterfaces: expect.arrayContaining([{ url: echo, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }]),
    });
  });

  it('may be kept for a while, and is compared by its ETag', async () => {
    const first = await fetch(`${echo}/.well-known/agent-card.json`);
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    const again = await fetch(`${echo}/.well-known/agent-card.json`, {
      // Without this fetch says `no-cache`, to which there is no 304.
      headers: { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });

  it('has a skill with a tag, also for an agent that declares none', async () => {
    const { body } = await call('GET', `${url}/agents`);
    const cards = (at(body, 'agents') as readonly { readonly card: unknown }[]).map(({ card }) => card);
    for (const card of cards) {
      const skills = at(card, 'skills') as readonly { readonly tags: readonly string[] }[];
      expect([textAt(card, 'name'), skills.length > 0]).toEqual([textAt(card, 'name'), true]);
      for (const { tags } of skills) expect(tags.length).toBeGreaterThan(0);
    }
  });
});

describe('ProtoJSON', () => {
  const parts = [{ text: 'hello', media_type: 'text/plain' }];

  it.each([
    ['snake_case', { message_id: 'snake', context_id: 'snakes', role: 'ROLE_USER', parts }],
    ['numbers of enums', { messageId: 'number', contextId: 'numbers', role: 1, parts: [{ text: 'hello' }] }],
  ])('takes a message with %s over both bindings', async (_, message) => {
    const id = textAt(await rpc('SendMessage', { message }), 'result', 'task', 'id');
    const rest = await call('POST', `${echo}/message:send`, { body: { message }, headers: V1 });
    expect([rest.status, at(rest.body, 'task', 'id')]).toEqual([200, id]);
  });

  it('takes bytes in the alphabet of URLs, and without padding', async () => {
    const message = (raw: string) => ({
      messageId: crypto.randomUUID(),
      role: 'ROLE_USER',
      parts: [{ raw, filename: 'a.txt' }],
    });
    for (const raw of ['-__-Pg', '-__-Pg==', '+//+Pg']) {
      const body = await rpc('SendMessage', { message: message(raw) });
      expect(at(body, 'result', 'task', 'history', 0, 'parts', 0, 'raw')).toBe('+//+Pg==');
    }
    expect(at(await rpc('SendMessage', { message: message('a') }), 'error', 'code')).toBe(-32_602);
  });

  it('takes numbers as text, and states as numbers', async () => {
    await echoed('hello');
    const body = await rpc('ListTasks', { page_size: '1', status: 3, history_length: '0' });
    expect(at(body, 'result', 'pageSize')).toBe(1);
    expect(at(body, 'result', 'tasks', 0, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
  });

  it('takes push configs in snake_case over both bindings', async () => {
    const id = await echoed('hello');
    const config = { url: 'https://example.com/hook', authentication: { scheme: 'Bearer', credentials: 'x' } };
    const made = await rpc('CreateTaskPushNotificationConfig', { task_id: id, id: 'one', ...config });
    expect(at(made, 'result', 'taskId')).toBe(id);
    const rest = await call('POST', `${echo}/tasks/${id}/pushNotificationConfigs`, { body: config, headers: V1 });
    expect(rest.status).toBeLessThan(300);
    const got = await rpc('GetTaskPushNotificationConfig', { task_id: id, id: 'one' });
    expect(at(got, 'result', 'url')).toBe(config.url);
  });

  it('checks what comes in the other spelling as strictly', async () => {
    const send = (fields: object) =>
      rpc('SendMessage', { message: { messageId: 'strict', role: 'ROLE_USER', parts: [{ text: 'x' }], ...fields } });
    expect(at(await send({ context_id: 5 }), 'error', 'message')).toContain('message.contextId');
    expect(at(await send({ task_id: {} }), 'error', 'message')).toContain('message.taskId');
    expect(at(await send({ contextId: 'a', context_id: 'b' }), 'error', 'message')).toContain('not both');
    expect(at(await send({ role: 7 }), 'error', 'message')).toContain('message.role');
  });
});

describe('media types', () => {
  const send = (part: object) =>
    rpc('SendMessage', { message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [part] } });

  it('that the card does not name are refused, and nothing is begun', async () => {
    const context = crypto.randomUUID();
    const part = { raw: 'aGk=', mediaType: 'application/x-nonsense' };
    const message = { messageId: 'nonsense', contextId: context, role: 'ROLE_USER', parts: [part] };
    const body = await rpc('SendMessage', { message });
    expect([at(body, 'error', 'code'), at(body, 'error', 'message')]).toEqual([
      -32_005,
      expect.stringContaining('message.parts[0].mediaType'),
    ]);
    const rest = await call('POST', `${echo}/message:send`, { body: { message }, headers: V1 });
    expect(rest.status).toBeGreaterThanOrEqual(400);
    expect(at(await rpc('ListTasks', { contextId: context }), 'result', 'totalSize') ?? 0).toBe(0);
  });

  it('that it names are taken, with parameters and in capitals', async () => {
    for (const part of [
      { text: 'x', mediaType: 'Text/Plain; charset=utf-8' },
      { text: '# x', mediaType: 'text/markdown' },
      { data: { a: 1 } },
    ]) {
      expect(at(await send(part), 'result', 'task', 'status', 'state')).toBe('TASK_STATE_COMPLETED');
    }
  });
});

describe('the version', () => {
  it('may stand in the query', async () => {
    const id = await echoed('hello');
    const rest = await call('GET', `${echo}/tasks/${id}?A2A-Version=99.0`);
    expect([rest.status, JSON.stringify(rest.body)]).toEqual([400, expect.stringContaining('VERSION_NOT_SUPPORTED')]);
    const twice = await call('GET', `${echo}/tasks/${id}?A2A-Version=1.0&A2A-Version=99.0`);
    expect([twice.status, textAt(twice.body, 'error', 'message')]).toEqual([
      400,
      'A2A-Version: expected 1.0 or 0.3, got 1.0, 99.0',
    ]);
    const sent = await callRpc(`${echo}?A2A-Version=99.0`, 'GetTask', { id }, { 'a2a-version': '' });
    expect(at(sent.body, 'error', 'code')).toBe(-32_009);
    expect((await call('GET', `${echo}/tasks/${id}?A2A-Version=1.0`)).status).toBe(200);
  });
});

describe('the head of an answer', () => {
  const PROGRESS = 'urn:continuo:a2a:progress:v1';
  const asked = { ...V1, 'a2a-extensions': `${PROGRESS}, urn:example:other`, 'content-type': 'application/json' };
  const message = () => ({ messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] });

  it('names the extensions that it keeps to: of a stream, and of what is read', async () => {
    const stream = await fetch(`${echo}/message:stream`, {
      method: 'POST',
      headers: asked,
      body: JSON.stringify({ message: message() }),
    });
    await stream.text();
    expect(stream.headers.get('a2a-extensions')).toBe(PROGRESS);
    const id = await echoed('hello');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } });
    const read = await fetch(echo, { method: 'POST', headers: asked, body });
    expect(read.headers.get('a2a-extensions')).toBe(PROGRESS);
    const rest = await fetch(`${echo}/tasks/${id}`, { headers: asked });
    expect(rest.headers.get('a2a-extensions')).toBe(PROGRESS);
  });

  it("is A2A's JSON over HTTP+JSON, of lists and of errors too", async () => {
    for (const path of ['/tasks', '/tasks?pageSize=0', `/tasks/${crypto.randomUUID()}`]) {
      const response = await fetch(`${echo}${path}`, { headers: V1 });
      expect(response.headers.get('content-type')).toMatch(/^application\/a2a\+json/);
    }
  });
});
