/** Uploads to the stand-alone server: larger than its memory, slower than a request may be, and read by nobody. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { residentMb } from '../support/process-figures.js';
import { rawConnection } from '../support/raw-connection.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const MB = 1_000_000;
const CHUNKS = 300;
const MOST_MB = 400;
const REQUEST_TIMEOUT_MS = 4_000;
let server: ServerProcess;
let file: string;
let most = 0;

/** Remembers the most memory that the server was seen with. */
async function look(): Promise<void> {
  most = Math.max(most, (await residentMb(server.pid)) ?? 0);
}

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    env: {
      DATABASE_URL: url,
      CONTINUO_LOG_LEVEL: 'warn',
      CONTINUO_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS),
      CONTINUO_RETENTION_MS: '100',
    },
    nodeOptions: ['--max-old-space-size=512'],
  });
});

async function* content(): AsyncGenerator<Uint8Array, void> {
  for (let n = 0; n < CHUNKS; n += 1) {
    await look();
    yield Buffer.alloc(MB, n);
  }
}

it('takes 300 MB and keeps them out of its memory', async () => {
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: ReadableStream.from(content()),
    duplex: 'half',
  };
  const response = await fetch(`${server.url}/files?name=large`, init);
  const body: unknown = await response.json();
  expect([response.status, body]).toMatchObject([201, { bytes: CHUNKS * MB }]);
  file = textAt(body, 'url');
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of (await fetch(file)).body ?? []) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes % (10 * MB) < 100_000) await look();
  }
  expect([bytes, hash.digest('hex')]).toEqual([CHUNKS * MB, textAt(body, 'sha256')]);
  expect(most).toBeLessThan(MOST_MB);
});

it('holds little for clients that read nothing', async () => {
  const { hostname, port, pathname } = new URL(file);
  const unread = Array.from({ length: 60 }, () => {
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    afterThisTest(async () => void socket.destroy());
    return socket;
  });
  await Promise.all(unread.map((socket) => once(socket, 'readable')));
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await look();
  expect(most).toBeLessThan(MOST_MB);
});

it('gives an upload more time than a request has, as long as something comes', async () => {
  const { host } = new URL(server.url);
  const begin = `POST /files?name=slow HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\n`;
  // A character every 50 ms: five seconds, where a request has four. One more would begin a request that is none.
  const slow = await rawConnection(server.url, begin, 'x', 100);
  await until(() => slow.received() !== '', { what: 'the slow upload to be answered' });
  slow.end();
  expect(slow.received()).toMatch(/^HTTP\/1.1 201 /);
  expect(slow.received()).toContain('"bytes":100,');
});

it('keeps what came of one that falls silent', async () => {
  const { host } = new URL(server.url);
  const begin = `POST /files?name=silent HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\nbegin`;
  const answer = await (await rawConnection(server.url, begin)).closed();
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  const { body } = await call('GET', `${server.url}/files?complete=false`);
  expect(body).toMatchObject({ files: [{ name: 'silent', bytes: 5, complete: false }] });
});

it('keeps what came of one that a stop cuts off', async () => {
  const first = await startServer({
    env: { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_DRAIN_MS: '100', CONTINUO_RETENTION_MS: '100' },
  });
  const { host } = new URL(first.url);
  const head = (name: string): string =>
    `POST /files?name=${name} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\nupload-complete: ?1\r\n\r\nbegin`;
  const uploads = await Promise.all(['one', 'two'].map((name) => rawConnection(first.url, head(name))));
  // It has said where to continue: it reads what comes.
  for (const upload of uploads) await until(() => upload.received().includes(' 104 '), { what: 'the server to read' });
  await first.kill('SIGTERM');
  await Promise.all(uploads.map((upload) => upload.closed()));
  expect(first.output()).not.toContain('pool after calling end');

  const second = await startServer({ env: first.env });
  const { body } = await call('GET', `${second.url}/files?complete=false`);
  expect(body).toMatchObject({ files: [{ bytes: 5 }, { bytes: 5 }] });
});

it('takes clients that leave what they read for no error', async () => {
  const left = await startServer({
    env: { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_LOG_LEVEL: 'debug', CONTINUO_LOG_FORMAT: 'json' },
  });
  const upload = await fetch(`${left.url}/files?sessionId=left`, { method: 'POST', body: Buffer.alloc(30 * MB) });
  const path = `/files/${textAt(await upload.json(), 'id')}`;
  const said = 'x'.repeat(9 * MB);
  for (const contextId of ['left', 'left', 'left']) {
    const message = { contextId, parts: [{ text: said }] };
    await call('POST', `${left.url}/agents/function/echo/tasks`, { body: { message, wait: true } });
  }
  const { hostname, port } = new URL(left.url);
  for (const read of [path, '/sessions/left/export']) {
    const client = connect(Number(port), hostname);
    client.write(`GET ${read} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    await once(client, 'data');
    client.destroy();
  }
  const aborted = (): number => left.output().split('request aborted').length - 1;
  await until(() => aborted() === 2, { what: 'the server to see that they have gone' });
  await left.kill('SIGTERM');
  expect(left.output()).not.toContain('Premature close');
  expect(left.output()).not.toContain('"level":50');
});
