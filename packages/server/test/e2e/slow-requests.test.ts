/** Requests that don't arrive: cut off in the time that is configured, and at once where they have been answered. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { rawConnection } from '../support/raw-connection.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const MOST_CONNECTIONS = 20;

/** Cuts off after a second. */
let hasty: string;
/** Takes an hour's patience, but few connections. */
let patient: string;
let writer: string;
let reader: string;

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, CONTINUO_AUTH: 'keys', CONTINUO_BODY_LIMIT_BYTES: '100000' };
  const servers = await Promise.all([
    startServer({ env: { ...env, CONTINUO_REQUEST_TIMEOUT_MS: '1000' } }),
    startServer({
      env: { ...env, CONTINUO_REQUEST_TIMEOUT_MS: '3600000', CONTINUO_MAX_CONNECTIONS: String(MOST_CONNECTIONS) },
    }),
  ]);
  [hasty, patient] = [servers[0].url, servers[1].url];
  writer = await newKey(DATABASE_URL, '--owner', 'ada');
  reader = await newKey(DATABASE_URL, '--owner', 'ada', '--scopes', 'read');
});

const post = (path: string, key: string | undefined, ...headers: readonly string[]): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    ...(key === undefined ? [] : [`Authorization: Bearer ${key}`]),
    ...headers,
    '',
    '',
  ].join('\r\n');

const TASKS = '/agents/function/echo/tasks';
const RPC = '/agents/function/echo';

describe('a request that does not arrive in time', () => {
  it.each([
    ['nothing at all', () => '', undefined],
    ['half of the headers', () => 'GET /tasks HTTP/1.1\r\nHost: local', undefined],
    ['headers byte by byte', () => 'GET /tasks HTTP/1.1\r\nX-Long: ', 'x'],
    ['half a body with a key', () => `${post(TASKS, writer, 'Content-Length: 100')}{"mess`, undefined],
    ['half a body without a key', () => `${post(TASKS, undefined, 'Content-Length: 100')}{"mess`, undefined],
    ['half a body of JSON-RPC', () => `${post(RPC, writer, 'Content-Length: 100')}{"json`, undefined],
    ['a body byte by byte', () => post('/sessions', writer, 'Content-Length: 50000'), ' '],
    ['a body chunk by chunk', () => post('/sessions', writer, 'Transfer-Encoding: chunked'), '1\r\n \r\n'],
    ['the body of a GET', () => `${post('/tasks', writer, 'Content-Length: 9').replace('POST', 'GET')}{`, undefined],
  ])('is cut off: %s', async (_, begin, trickle) => {
    const connection = await rawConnection(hasty, begin(), trickle);
    expect(await connection.closed()).toMatch(/^(HTTP\/1.1 (408|401|200) |$)/);
  });

  it('keeps nobody else waiting', async () => {
    expect((await call('GET', `${hasty}/tasks`, { headers: { authorization: `Bearer ${reader}` } })).status).toBe(200);
  });
});

describe('a request that was answered before all of it came', () => {
  it.each([
    ['401', () => post(TASKS, undefined, 'Content-Length: 1000'), ' '],
    ['401', () => `${post(RPC, undefined, 'Content-Length: 1000')}{`, undefined],
    ['403', () => post('/keys', reader, 'Transfer-Encoding: chunked'), '1\r\n \r\n'],
    ['404', () => `${post('/nowhere', writer, 'Content-Length: 1000')}{`, undefined],
    ['413', () => `${post('/sessions', writer, 'Content-Length: 1000000')}{`, undefined],
    ['413', () => `${post(RPC, writer, 'Content-Length: 1000000')}{`, undefined],
    ['413', () => post(TASKS, writer, 'Transfer-Encoding: chunked'), `2710\r\n${' '.repeat(10_000)}\r\n`],
    ['415', () => `${post('/sessions', writer, 'Content-Length: 9').replace('/json', '/xml')}{`, undefined],
  ])('is told %s, and cut off', async (status, begin, trickle) => {
    const connection = await rawConnection(patient, begin(), trickle);
    expect(await connection.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('keeps its connection when the rest comes soon', async () => {
    const connection = await rawConnection(patient, `${post(TASKS, undefined, 'Content-Length: 2')}{`, undefined);
    await until(() => connection.received().includes('401'), { what: 'the refusal' });
    connection.send(`}${post(TASKS, undefined, 'Content-Length: 2')}{}`);
    await until(() => connection.received().split('HTTP/1.1 401').length === 3, { what: 'a second answer' });
    expect(connection.isClosed()).toBe(false);
  });
});

it('closes connections beyond the most that there may be, and takes others when some have gone', async () => {
  const open = await Promise.all(
    Array.from({ length: MOST_CONNECTIONS + 10 }, () => rawConnection(patient, 'GET /tasks HTTP/1.1\r\n')),
  );
  await until(() => open.filter((connection) => connection.isClosed()).length >= 10, { what: 'ten to be closed' });
  expect(open.filter((connection) => !connection.isClosed()).length).toBeGreaterThan(0);
  for (const connection of open) connection.end();
  await until(async () => (await call('GET', `${patient}/healthz`)).status === 200, { what: 'the server to answer' });
});
