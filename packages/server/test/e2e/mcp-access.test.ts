/** Who may do what over MCP, and how it is refused: in its own form, with nothing done. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { connect, textOf } from '../support/mcp-client.js';
import { startIssuer, type Issuer } from '../support/oidc-issuer.js';
import { startServer } from '../support/server-process.js';

let url: string;
let databaseUrl: string;
let key: string;
let keyForEcho: string;
let keyToRead: string;
let issuer: Issuer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  issuer = await startIssuer();
  const env = {
    DATABASE_URL: databaseUrl,
    CONTINUO_AUTH: 'keys,jwt',
    CONTINUO_JWT_ISSUER: issuer.url,
    CONTINUO_JWT_AUDIENCE: 'continuo',
  };
  ({ url } = await startServer({ env }));
  key = await newKey(databaseUrl, '--owner', 'ada');
  keyForEcho = await newKey(databaseUrl, '--owner', 'ada', '--agents', 'function/echo');
  keyToRead = await newKey(databaseUrl, '--owner', 'ada', '--scopes', 'read');
});

const bearer = (of: string): Record<string, string> => ({ Authorization: `Bearer ${of}` });
const accept = 'application/json, text/event-stream';
const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  call('POST', `${url}/mcp`, {
    body,
    headers: { 'content-type': 'application/json', accept, ...bearer(key), ...headers },
  });
const rpc = (method: string, params: unknown = {}) => ({ jsonrpc: '2.0', id: 1, method, params });

it('lets nobody in without credentials', async () => {
  const { status, headers, body } = await call('POST', `${url}/mcp`, { body: rpc('ping') });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toContain('Bearer');
  expect(body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32602, message: expect.any(String) } });
});

it('says where tokens come from, and takes them', async () => {
  const { headers } = await call('POST', `${url}/mcp`, { body: rpc('ping') });
  const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
  expect(metadata).toBe(`${url}/.well-known/oauth-protected-resource/mcp`);
  const { body } = await call('GET', metadata);
  expect(body).toMatchObject({ resource: `${url}/mcp`, authorization_servers: [issuer.url] });
  const token = await issuer.token({ sub: 'ada' });
  expect(await post(rpc('ping'), bearer(token))).toMatchObject({ status: 200, body: { result: {} } });
});

it('shows a key that is for one agent that agent, and its tasks, alone', async () => {
  const { call: callAll } = await connect(url, { headers: bearer(key) });
  const hidden = await callAll('function_countdown', { message: 'go', data: { steps: 1, delayMs: 1 } });
  const { client, call: callEcho } = await connect(url, { headers: bearer(keyForEcho) });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['function_echo', 'answer']);
  await expect(callEcho('function_countdown', { message: 'go' })).rejects.toMatchObject({ code: -32602 });
  expect(textOf(await callEcho('function_echo', { message: 'hello' }))).toBe('hello');
  const taskId = at(hidden.structuredContent, 'taskId');
  expect(textOf(await callEcho('answer', { taskId, message: 'hello' }))).toContain('was not found');
  const { body } = await post(rpc('tasks/list'), bearer(keyForEcho));
  expect(at(body, 'result', 'tasks')).toHaveLength(1);
  const refused = await post(rpc('tasks/get', { taskId }), bearer(keyForEcho));
  expect(refused.body).toMatchObject({ id: 1, error: { code: -32602 } });
});

it("shows nothing of what is somebody else's", async () => {
  const ada = await connect(url, { headers: bearer(key) });
  const taskId = at(
    (await ada.call('function_echo', { message: 'secret', sessionId: 'of ada' })).structuredContent,
    'taskId',
  );
  const bob = bearer(await newKey(databaseUrl, '--owner', 'bob'));
  for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
    expect(await post(rpc(method, { taskId }), bob)).toMatchObject({ body: { error: { code: -32602 } } });
  }
  expect(await post(rpc('tasks/list'), bob)).toMatchObject({ body: { result: { tasks: [] } } });
  expect(await post(rpc('resources/list'), bob)).toMatchObject({ body: { result: { resources: [] } } });
  const uri = 'continuo://sessions/of%20ada';
  expect(await post(rpc('resources/read', { uri }), bob)).toMatchObject({ body: { error: { code: -32002 } } });
  const answer = { jsonrpc: '2.0', id: `question/${String(taskId)}/1`, result: { action: 'cancel' } };
  expect(await post(answer, bob)).toMatchObject({ status: 404 });
});

it('refuses with 403 what a key has no scope for', async () => {
  const params = { name: 'function_echo', arguments: { message: 'hello' } };
  const { status, headers } = await post(rpc('tools/call', params), bearer(keyToRead));
  expect(status).toBe(403);
  expect(headers.get('www-authenticate')).toContain('scope="write"');
});

it('refuses messages that are none', async () => {
  expect(await post([rpc('ping')])).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
  expect(await post('{')).toMatchObject({ status: 400 });
  expect(await post(rpc('ping'), { 'MCP-Protocol-Version': '1999-01-01' })).toMatchObject({ status: 400 });
  expect(await post(rpc('ping'), { 'Mcp-Session-Id': 'of another server' })).toMatchObject({ status: 404 });
  expect(await post(rpc('no/method'))).toMatchObject({ status: 200, body: { id: 1, error: { code: -32601 } } });
  const wrong = { name: 'function_echo', arguments: { text: 'hello' } };
  expect(await post(rpc('tools/call', wrong))).toMatchObject({ body: { result: { isError: true } } });
  expect(await post(rpc('tools/call', { ...wrong, task: {} }))).toMatchObject({ body: { error: { code: -32602 } } });
  expect(await post(rpc('ping'))).toMatchObject({ status: 200, body: { id: 1, result: {} } });
  expect(await call('DELETE', `${url}/mcp`, { headers: bearer(key) })).toMatchObject({ status: 405 });
  const resumed = await call('GET', `${url}/mcp`, {
    headers: { ...bearer(key), 'Last-Event-ID': 'of another server' },
  });
  expect(resumed.status).toBe(400);
  expect(textAt(resumed.body, 'error', 'message')).toContain('Last-Event-ID');
});
