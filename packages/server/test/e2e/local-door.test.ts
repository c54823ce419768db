/** The local mode answers its own names and its own pages alone: DNS rebinding and requests of other sites come to nothing. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, textAt } from '../support/http-calls.js';
import { rawCall } from '../support/raw-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const friend = 'https://console.example.com';
const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
const rpc = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } };
const json = { 'content-type': 'application/json' };
let server: ServerProcess;
let port: string;
let own: string;

beforeAll(async () => {
  server = await startServer({
    env: {
      DATABASE_URL: (await createTestDatabase()).url,
      CONTINUO_PUBLIC_URL: 'https://agents.example.com/',
      CONTINUO_CORS_ORIGINS: friend,
    },
  });
  port = String(server.env.PORT);
  own = `127.0.0.1:${port}`;
});

const everything = [
  ['GET', '/'],
  ['GET', '/console/'],
  ['GET', '/console/tasks'],
  ['GET', '/console/icon.svg'],
  ['GET', '/healthz'],
  ['GET', '/readyz'],
  ['GET', '/openapi.json'],
  ['GET', '/sign-in-options'],
  ['GET', '/caller'],
  ['GET', '/agents'],
  ['GET', '/.well-known/agent-card.json'],
  ['GET', '/agents/function/echo/.well-known/agent-card.json'],
  ['GET', '/agents/function/echo/extendedAgentCard'],
  ['POST', '/agents/function/echo'],
  ['POST', '/agents/function/echo/message:send'],
  ['POST', '/agents/function/echo/message:stream'],
  ['POST', '/agents/function/echo/v1/message:send'],
  ['POST', '/agents/function/echo/tasks'],
  ['GET', '/tasks'],
  ['GET', '/tasks/events'],
  ['GET', '/sessions'],
  ['POST', '/sessions'],
  ['DELETE', '/sessions/some'],
  ['GET', '/statistics'],
  ['GET', '/keys'],
  ['GET', '/webhooks'],
  ['POST', '/webhooks/some:test'],
  ['OPTIONS', '/tasks'],
  ['GET', '/nothing-here'],
] as const;

describe('a host that is not ours', () => {
  it.each(everything)('is refused at %s %s', async (method, path) => {
    const answer = await rawCall(method, server.url + path, { headers: { host: `evil.example:${port}` } });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('HOST_NOT_ALLOWED');
    expect(answer.text).not.toContain('evil.example');
    expect(answer.headers['content-security-policy']).toBeDefined();
  });

  it('is refused in the form of each transport', async () => {
    const headers = { host: 'evil.example', ...json };
    const called = await rawCall('POST', `${server.url}/agents/function/echo`, { headers, body: rpc });
    expect(called.body).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32603, data: [{ reason: 'HOST_NOT_ALLOWED', metadata: { field: 'Host' } }] },
    });
    const rest = await rawCall('POST', `${server.url}/agents/function/echo/message:send`, { headers, body: {} });
    expect(rest.body).toMatchObject({
      error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'HOST_NOT_ALLOWED' }] },
    });
  });

  it.each([
    'evil.example',
    'rebound.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'localhost.',
    '127.0.0.2',
    '0.0.0.0',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::1].evil.example',
    '::1',
    'localhost@evil.example',
    'evil.example@localhost',
    'localhost:80:80',
    'localhost/',
    'localhost, evil.example',
    'localhost#',
    ' ',
    '',
  ])('is refused as %o', async (host) => {
    const answer = await rawCall('GET', `${server.url}/tasks`, { headers: { host } });
    expect([400, 403]).toContain(answer.status);
  });

  it('is refused when the request has two, none, or another one in its address', async () => {
    expect(await statusOf('GET /tasks HTTP/1.1\r\nHost: localhost\r\nHost: evil.example')).toMatch(/^40[03]$/);
    expect(await statusOf('GET /tasks HTTP/1.1\r\nHost: localhost\r\nHost: localhost')).toMatch(/^40[03]$/);
    expect(await statusOf('GET /tasks HTTP/1.0')).toBe('403');
    expect(await statusOf('GET http://evil.example/tasks HTTP/1.1\r\nHost: localhost')).toBe('403');
    expect(await statusOf('GET http://localhost/tasks HTTP/1.1\r\nHost: localhost')).toBe('200');
  });
});

describe('a host that is ours', () => {
  it.each(['localhost', 'LocalHost:1', '127.0.0.1:65535', '[::1]', '[0:0:0:0:0:0:0:1]:4000', 'agents.example.com'])(
    'is answered as %s',
    async (host) => {
      const answer = await rawCall('GET', `${server.url}/tasks`, { headers: { host, origin: `http://${host}` } });
      expect(answer.status).toBe(200);
    },
  );
});

describe('a page of another site', () => {
  const from = (method: string, path: string, headers: Record<string, string>) =>
    rawCall(method, server.url + path, { headers: { host: own, ...headers } });

  it.each(everything)('is refused at %s %s', async (method, path) => {
    for (const origin of ['https://evil.example', 'null', `https://${own}.evil.example`]) {
      const answer = await from(method, path, { origin });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('ORIGIN_NOT_ALLOWED');
    }
  });

  it.each([
    ['POST', '/sessions'],
    ['POST', '/sessions/some:fork'],
    ['DELETE', '/sessions/some'],
    ['POST', '/tasks/some:cancel'],
    ['POST', '/tasks/some:retry'],
    ['POST', '/webhooks/some:pause'],
    ['POST', '/webhooks/some:rotate'],
    ['POST', '/agents/function/echo'],
    ['POST', '/agents/function/echo/tasks/some:cancel'],
    ['PATCH', '/sessions/some'],
  ])('cannot %s %s without saying where it comes from', async (method, path) => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await from(method, path, { 'sec-fetch-site': site })).text).toContain('ORIGIN_NOT_ALLOWED');
      const sibling = await from(method, path, { 'sec-fetch-site': site, origin: 'http://localhost:3000' });
      expect(sibling.text).toContain('ORIGIN_NOT_ALLOWED');
    }
  });

  it('makes nothing', async () => {
    expect(at((await from('GET', '/sessions', {})).body, 'sessions')).toEqual([]);
    expect(at((await from('GET', '/tasks', {})).body, 'tasks')).toEqual([]);
  });

  it('may link to us', async () => {
    expect((await from('GET', '/agents', { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });

  it('may call when it is listed', async () => {
    const headers = { origin: friend, 'sec-fetch-site': 'cross-site' };
    expect((await from('GET', '/tasks', headers)).headers['access-control-allow-origin']).toBe(friend);
    expect((await from('POST', '/sessions', { ...headers, ...json })).status).toBe(201);
    const asked = await from('OPTIONS', '/sessions', { ...headers, 'access-control-request-method': 'POST' });
    expect(asked.status).toBe(204);
  });
});

describe('our own page', () => {
  it('and programs, which say nothing of a page, may write', async () => {
    const url = `${server.url}/agents/function/echo/tasks`;
    const body = { message: 'hello', wait: true };
    const page = { host: own, origin: `http://${own}`, 'sec-fetch-site': 'same-origin', ...json };
    expect((await rawCall('POST', url, { headers: page, body })).status).toBe(201);
    const proxied = { host: own, origin: 'https://agents.example.com', 'sec-fetch-site': 'same-origin', ...json };
    expect((await rawCall('POST', url, { headers: proxied, body })).status).toBe(201);
    expect((await rawCall('POST', url, { headers: { host: own, ...json }, body })).status).toBe(201);
  });
});

it('the address on a card is not what a stranger wrote', async () => {
  const bare = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_AUTH: 'keys' } });
  const card = `${bare.url}/agents/function/echo/.well-known/agent-card.json`;
  const urlFor = async (headers: Record<string, string>) =>
    textAt((await rawCall('GET', card, { headers })).body, 'supportedInterfaces', 0, 'url');
  const path = '/agents/function/echo';
  expect(await urlFor({ host: 'agents.example.com:81' })).toBe(`http://agents.example.com:81${path}`);
  for (const host of ['agents.example.com@evil.example', 'evil.example/?', 'a.example, evil.example', '']) {
    expect(await urlFor({ host })).toBe(bare.url + path);
  }
  const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https://evil.example/?' };
  expect(await urlFor({ host: 'localhost', ...forwarded, forwarded: 'host=evil.example' })).toBe(
    `http://localhost${path}`,
  );
});

/** The status that a request without a body is answered with. */
async function statusOf(head: string): Promise<string> {
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  return (await text(socket)).split(' ', 2)[1] ?? '';
}
