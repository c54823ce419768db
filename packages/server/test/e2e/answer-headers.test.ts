/** The headers of one answer of every kind: whatever the way that an answer takes through the server, a client sees the same. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const ECHO = '/agents/function/echo';
const ID = 'a-request-of-mine:1';
const message = { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text: 'Grüße' }] };
const rpc = (method: string, params: unknown = { message }) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** Of the answers of the stand-alone server; `date` and the length are checked apart. */
const always = {
  connection: 'keep-alive',
  'content-security-policy':
    "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data: blob:;font-src 'self';" +
    "connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'self';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'keep-alive': 'timeout=5',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-request-id': ID,
  'x-xss-protection': '0',
};
const json = { 'content-type': 'application/json; charset=utf-8' };
const a2a = { 'content-type': 'application/a2a+json; charset=utf-8' };
const own = { 'cache-control': 'private, no-store' };
const card = { 'cache-control': 'public, max-age=60', vary: 'Host' };
const stream = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'transfer-encoding': 'chunked',
  'x-accel-buffering': 'no',
};

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url } });
});

it.each([
  ['an answer over JSON-RPC', 'POST', ECHO, { body: rpc('SendMessage') }, 200, { ...json, ...own }],
  ['an answer of version 0.3', 'POST', ECHO, { body: rpc('tasks/get', { id: 'x' }) }, 200, { ...json, ...own }],
  ['a refusal over JSON-RPC', 'POST', ECHO, { body: rpc('SendMessage', {}) }, 200, { ...json, ...own }],
  ['a method that there is not', 'POST', ECHO, { body: rpc('Nothing') }, 200, { ...json, ...own }],
  ['no JSON', 'POST', ECHO, { body: '{' }, 400, { ...json, ...own }],
  ['no agent', 'POST', '/agents/no/body', { body: rpc('SendMessage') }, 404, { ...json, ...own }],
  ['a stream over JSON-RPC', 'POST', ECHO, { body: rpc('SendStreamingMessage') }, 200, stream],
  [
    'an answer over HTTP+JSON',
    'POST',
    `${ECHO}/message:send`,
    { body: JSON.stringify({ message }) },
    200,
    { ...a2a, ...own },
  ],
  ['a stream over HTTP+JSON', 'POST', `${ECHO}/message:stream`, { body: JSON.stringify({ message }) }, 200, stream],
  [
    'a message that is refused',
    'POST',
    `${ECHO}/message:send`,
    { body: JSON.stringify({ message: { ...message, taskId: 'none' } }) },
    404,
    { ...a2a, ...own },
  ],
  ['a refusal over HTTP+JSON', 'GET', `${ECHO}/tasks/none`, {}, 404, { ...a2a, ...own }],
  ['an agent card', 'GET', `${ECHO}/.well-known/agent-card.json`, {}, 200, { ...json, ...card }],
  ['a new task', 'POST', `${ECHO}/tasks`, { body: JSON.stringify({ message: 'Hi' }) }, 201, { ...json, ...own }],
  ['a list', 'GET', '/tasks', {}, 200, { ...json, ...own }],
  ['a refusal', 'GET', '/tasks/none', {}, 404, { ...json, ...own }],
  ['no path', 'GET', '/nothing-here', {}, 404, json],
  ['whether it is well', 'GET', '/healthz', {}, 200, json],
] as const)('%s', async (_kind, method, path, options, status, expected) => {
  const answer = await fetch(server.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0', 'x-request-id': ID },
    ...options,
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  const { date, etag, 'content-length': length, ...headers } = Object.fromEntries(answer.headers);
  expect({ status: answer.status, headers }).toEqual({ status, headers: { ...always, ...expected } });
  expect(date).toMatch(/GMT$/);
  expect(length).toBe('transfer-encoding' in expected ? undefined : String(bytes));
  // Nobody asks whether the answer to a POST has changed.
  expect(etag ?? method).not.toBe('GET');
});

it('an answer names the extensions that it was asked for, and a request without an id gets one', async () => {
  const extension = 'urn:continuo:a2a:progress:v1';
  const answer = await fetch(server.url + ECHO, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0', 'a2a-extensions': extension },
    body: rpc('SendMessage', { message: { ...message, messageId: 'm-2' } }),
  });
  expect(answer.headers.get('a2a-extensions')).toBe(extension);
  expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
});
