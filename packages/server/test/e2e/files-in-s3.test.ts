/** Files and artifacts in S3 of the stand-alone server: larger than its memory, and what is left when it is killed meanwhile. */
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import pg from 'pg';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { completedTask } from '../support/completed-task.js';
import { at, call, textAt } from '../support/http-calls.js';
import { residentMb } from '../support/process-figures.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { until } from '../support/until.js';

const MB = 1_000_000;
const MOST_MB = 400;
const AT_ONCE = 5;
const CHUNKS = 30;
const nodeOptions = ['--max-old-space-size=512'];
let s3: S3Server;
let server: ServerProcess;
let most = 0;

beforeAll(async () => {
  s3 = await startS3Server();
  const { url } = await createTestDatabase();
  const env = {
    DATABASE_URL: url,
    CONTINUO_LOG_LEVEL: 'error',
    CONTINUO_FILES: s3.files,
    CONTINUO_RETENTION_MS: '100',
    ...soon,
    ...s3.env,
  };
  server = await startServer({ env, nodeOptions });
});

beforeEach(() => s3.become('well'));

async function look(): Promise<void> {
  most = Math.max(most, (await residentMb(server.pid)) ?? 0);
}

async function* content(first: number): AsyncGenerator<Uint8Array, void> {
  for (let n = first; n < first + CHUNKS; n += 1) {
    await look();
    yield Buffer.alloc(MB, n);
  }
}

async function upload(first: number): Promise<unknown> {
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: ReadableStream.from(content(first)),
    duplex: 'half',
  };
  const response = await fetch(`${server.url}/files`, init);
  return response.json();
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(server.env['DATABASE_URL']);
  await client.connect();
  return client;
}

/** For what is to be removed. */
async function pass(interval: string): Promise<void> {
  const client = await connect();
  await client.query(`UPDATE removed_files SET due_at = due_at - $1::interval`, [interval]);
  await client.end();
}

async function restart(): Promise<void> {
  await server.kill('SIGKILL');
  server = await startServer({ env: server.env, nodeOptions });
}

it('takes several large ones at once, and keeps them out of its memory', async () => {
  const made = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => upload(n)));
  expect(made.map((file) => at(file, 'bytes'))).toEqual(made.map(() => CHUNKS * MB));
  await Promise.all(
    made.map(async (file) => {
      const hash = createHash('sha256');
      for await (const chunk of (await fetch(textAt(file, 'url'))).body ?? []) hash.update(chunk as Uint8Array);
      await look();
      expect(hash.digest('hex')).toBe(textAt(file, 'sha256'));
    }),
  );
  expect(most).toBeLessThan(MOST_MB);
});

it('goes on with an upload behind what it had acknowledged when it was killed', async () => {
  const whole = Buffer.concat(Array.from({ length: CHUNKS }, (_, n) => Buffer.alloc(MB, n)));
  const begun = await fetch(`${server.url}/files`, { method: 'POST', headers: { 'upload-complete': '?0' } });
  const { pathname } = new URL(begun.headers.get('location') ?? '');
  const headers = { 'content-type': 'application/partial-upload', 'upload-complete': '?1' };
  const broken = httpRequest(`${server.url}${pathname}`, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '0', 'content-length': String(whole.length) },
  });
  broken.on('error', () => undefined);
  broken.write(whole.subarray(0, 25 * MB));
  const offset = async (): Promise<number> =>
    Number((await fetch(`${server.url}${pathname}`, { method: 'HEAD' })).headers.get('upload-offset'));
  await until(async () => (await offset()) > 20 * MB, { what: 'more than 20 MB are stored' });
  await restart();
  const stored = await offset();
  expect(stored).toBeGreaterThan(20 * MB);
  const rest = await fetch(`${server.url}${pathname}`, {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': String(stored) },
    body: whole.subarray(stored),
  });
  const file: unknown = await rest.json();
  expect([rest.status, at(file, 'sha256')]).toEqual([201, createHash('sha256').update(whole).digest('hex')]);
  expect(await s3.uploads()).toEqual([]);
});

it('removes what was deleted before it was killed', async () => {
  const files = await Promise.all(
    ['One', 'Other'].map((body) => fetch(`${server.url}/files`, { method: 'POST', body })),
  );
  const [file, other]: unknown[] = await Promise.all(files.map((made) => made.json()));
  s3.become('silent');
  for (const url of [textAt(file, 'url'), textAt(other, 'url')]) {
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
  }
  await restart();
  s3.become('well');
  // A killed instance has what it took for a minute, which is over then.
  await pass('1 minute');
  const ids = [textAt(file, 'id'), textAt(other, 'id')];
  const left = async (): Promise<readonly string[]> =>
    (await s3.objects()).filter((name) => ids.some((id) => name.endsWith(id)));
  await until(async () => (await left()).length === 0, { what: 'both objects are gone' });
});

it('killed between the storing of an object and the commit that names it, leaves none behind, and completes the task', async () => {
  const before = new Set(await s3.objects());
  const added = async () => (await s3.objects()).filter((name) => !before.has(name));
  const text = 'é'.repeat(2 * MB);
  const locker = await connect();
  await locker.query('BEGIN; LOCK TABLE artifacts IN SHARE MODE');
  const { body } = await call('POST', `${server.url}/agents/function/echo/tasks`, {
    body: { message: { parts: [{ text }] } },
  });
  await until(async () => (await added()).length === 1, { what: 'the object to be stored' });
  const [lost = ''] = await added();
  await restart();
  // The statement of the killed process waits on at PostgreSQL, and would commit.
  await locker.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  await locker.end();
  const task = await completedTask(server.url, textAt(body, 'id'));
  expect(textAt(task, 'artifacts', 0, 'parts', 0, 'text') === text).toBe(true);
  expect(await added()).toContain(lost);
  const left = async (): Promise<boolean> => {
    await pass('1 hour');
    return (await added()).length === 1;
  };
  await until(left, { what: 'the object that no commit names to be gone' });
  expect(await added()).not.toContain(lost);
  const read = await fetch(
    `${server.url}/tasks/${textAt(body, 'id')}/artifacts/${textAt(task, 'artifacts', 0, 'artifactId')}`,
  );
  expect((await read.text()) === text).toBe(true);
});
