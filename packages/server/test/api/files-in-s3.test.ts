/** Files whose content lies in S3: stored, continued, read and removed, and refused while it is away. */
import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { Database } from '../../src/platform/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startNestServer } from '../support/nest-server.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import { until } from '../support/until.js';
import { saidBy } from '../support/answers.js';

@A2AAgent({ type: 'test', name: 'hashing', description: 'Hashes a file.' })
class HashingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of (await task.openFile(task.files[0])).stream()) hash.update(chunk);
    return hash.digest('hex');
  }
}

const MIB = 1024 ** 2;
const large = randomBytes(20 * MIB + 7);
let s3: S3Server;
let url: string;
let rows: (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

beforeAll(async () => {
  s3 = await startS3Server();
  for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
  const started = await startNestServer([HashingAgent], { CONTINUO_FILES: s3.files, CONTINUO_RETENTION_MS: '50' });
  ({ url } = started);
  const database = started.app.get(Database);
  rows = (sql, values) => database.query(sql, values);
});

beforeEach(() => s3.become('well'));
afterAll(() => void vi.unstubAllEnvs());

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function send(method: string, path: string, body?: Buffer | string, headers = {}): Promise<Sent> {
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const read = async (address: string, headers = {}): Promise<Buffer> =>
  Buffer.from(await (await fetch(address, { headers })).arrayBuffer());
const offsetOf = async (address: string): Promise<number> =>
  Number((await fetch(address, { method: 'HEAD' })).headers.get('upload-offset'));
const staged = () => rows('SELECT (SELECT count(*) FROM file_pieces) + (SELECT count(*) FROM file_parts) AS n');
const nothingLeft = () =>
  until(async () => (await s3.uploads()).length === 0 && Number((await staged())[0]?.['n']) === 0, {
    what: 'neither S3 nor PostgreSQL has anything of an upload',
  });
const unfinished = () => rows('SELECT id FROM files WHERE completed_at IS NULL');

/** An upload that may be continued, with `content` as its beginning. */
async function begin(content: Buffer | string = ''): Promise<string> {
  const { headers } = await send('POST', '/files', content, { 'upload-complete': '?0' });
  return headers.get('location') ?? '';
}

const goOn = (address: string, offset: number, content: Buffer, complete = '?1') =>
  send('PATCH', address, content, {
    'content-type': 'application/partial-upload',
    'upload-offset': String(offset),
    'upload-complete': complete,
  });

describe('a file', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes', Buffer.from('0123456789')],
    ['one part', large.subarray(0, 5 * MIB)],
    ['several parts', large],
  ])('of %s lies in S3 alone, and is read from there', async (_, content) => {
    const { status, body } = await send('POST', '/files?name=a.bin', content);
    expect([status, at(body, 'bytes'), at(body, 'sha256')]).toEqual([201, content.length, sha256(content)]);
    expect(await s3.objects()).toContain(`tests/${textAt(body, 'id')}`);
    expect(await staged()).toEqual([{ n: 0 }]);
    expect((await read(textAt(body, 'url'))).equals(content)).toBe(true);
    if (content.length < 10) return;
    const part = await read(textAt(body, 'url'), { range: 'bytes=5-8' });
    expect(part.equals(content.subarray(5, 9))).toBe(true);
    const beyond = await fetch(textAt(body, 'url'), { headers: { range: `bytes=${content.length}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${content.length}`]);
  });

  it('is put together of what several requests have sent, wherever they broke off', async () => {
    const address = await begin(large.subarray(0, 3 * MIB + 1));
    const broken = httpRequest(address, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/partial-upload',
        'content-length': String(large.length - 3 * MIB - 1),
        'upload-offset': String(3 * MIB + 1),
        'upload-complete': '?1',
      },
    });
    broken.on('error', () => undefined);
    broken.write(large.subarray(3 * MIB + 1, 17 * MIB));
    await until(async () => (await offsetOf(address)) > 16 * MIB, { what: 'more than 16 MiB are stored' });
    broken.destroy();
    const stored = await until(
      async () => {
        const offset = await offsetOf(address);
        return (await goOn(address, offset, Buffer.alloc(0), '?0')).status === 200 ? offset : undefined;
      },
      { what: 'the request that broke off adds nothing more' },
    );
    const { status, body } = await goOn(address, stored, large.subarray(stored));
    expect([status, at(body, 'sha256')]).toEqual([201, sha256(large)]);
    expect((await read(address)).equals(large)).toBe(true);
    expect(await staged()).toEqual([{ n: 0 }]);
  });

  it('that lies there already needs only its row, as after a crash before that', async () => {
    const { body } = await send('POST', '/files', large);
    const [id, address] = [textAt(body, 'id'), textAt(body, 'url')];
    await rows('UPDATE files SET completed_at = NULL, sha256 = NULL WHERE id = $1', [id]);
    const again = await goOn(address, large.length, Buffer.alloc(0));
    expect([again.status, at(again.body, 'sha256')]).toEqual([201, sha256(large)]);
    expect((await read(address)).equals(large)).toBe(true);
  });

  it('is whole when the answer that says so is lost: what S3 is asked again, it knows no more', async () => {
    s3.become('lossy');
    const address = await begin();
    const done = await goOn(address, 0, large.subarray(0, 6 * MIB));
    expect([done.status, at(done.body, 'sha256')]).toEqual([201, sha256(large.subarray(0, 6 * MIB))]);
    expect((await read(address)).equals(large.subarray(0, 6 * MIB))).toBe(true);
    await nothingLeft();
  });

  it('is gone from S3 when it or its session was deleted, also after S3 was away', async () => {
    const sessionId = randomUUID();
    const [one, other] = await Promise.all([
      send('POST', '/files', 'One'),
      send('POST', `/files?sessionId=${sessionId}`, 'Other'),
    ]);
    s3.become('busy');
    expect((await send('DELETE', textAt(one.body, 'url'))).status).toBe(204);
    expect((await send('DELETE', `/sessions/${sessionId}`)).status).toBe(204);
    expect((await fetch(textAt(one.body, 'url'))).status).toBe(404);
    const tried = () => rows('SELECT FROM removed_files WHERE attempts > 0 AND due_at > now() AND NOT again');
    await until(async () => (await tried()).length > 0, { what: 'a removal was tried' });
    s3.become('well');
    const ids = [textAt(one.body, 'id'), textAt(other.body, 'id')];
    const left = async () => (await s3.objects()).filter((name) => ids.some((id) => name.endsWith(id)));
    await until(async () => (await left()).length === 0, { what: 'both objects are gone' });
  });

  it('that is half there leaves nothing when it is given up', async () => {
    const address = await begin(large.subarray(0, 9 * MIB));
    expect(await s3.uploads()).toHaveLength(1);
    await send('DELETE', address);
    await nothingLeft();
  });
});

describe('while S3 is away', () => {
  it.each(['refusing', 'busy', 'silent'] as const)(
    '(%s) nothing is accepted, and nothing is left',
    async (mood) => {
      const { body } = await send('POST', '/files', 'Here');
      const before = await s3.objects();
      s3.become(mood);
      const [small, big, got] = await Promise.all([
        send('POST', '/files', 'Content'),
        send('POST', '/files', large),
        fetch(textAt(body, 'url')),
      ]);
      for (const { status, headers } of [small, big, got]) {
        expect([status, headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
      }
      expect(small.headers.get('location')).toBeNull();
      expect(await unfinished()).toEqual([]);
      s3.become('well');
      await nothingLeft();
      expect(await s3.objects()).toEqual(before);
      expect((await read(textAt(body, 'url'))).toString()).toBe('Here');
    },
    90_000,
  );

  it('an agent that reads a file waits', async () => {
    const { body } = await send('POST', '/files', large);
    s3.become('refusing');
    const before = s3.requests.length;
    const message = { role: 'ROLE_USER', messageId: randomUUID(), parts: [{ url: textAt(body, 'url') }] };
    const task = await call('POST', `${url}/agents/test/hashing/tasks`, { body: { message } });
    await until(() => s3.requests.length > before, { what: 'the agent asks for the file' });
    s3.become('well');
    const ended = async (): Promise<unknown> => {
      const { body: now } = await call('GET', `${url}/tasks/${textAt(task.body, 'id')}`);
      return textAt(now, 'status', 'state') === 'TASK_STATE_COMPLETED' ? now : undefined;
    };
    const completed = await until(ended, { what: 'the task completes' });
    expect(saidBy(completed)).toBe(sha256(large));
  });

  it('an upload that can be continued keeps what had come, and is finished when S3 is back', async () => {
    const address = await begin(large.subarray(0, 7 * MIB));
    s3.become('refusing');
    const refused = await goOn(address, 7 * MIB, large.subarray(7 * MIB));
    expect([refused.status, at(refused.body, 'error', 'details', 0, 'reason')]).toEqual([503, 'UNAVAILABLE']);
    s3.become('well');
    const stored = await offsetOf(address);
    const { status } = await goOn(address, stored, large.subarray(stored));
    expect(status).toBe(201);
    expect((await read(address)).equals(large)).toBe(true);
  });

  it('an upload of which all had come is finished by saying so again', async () => {
    const address = await begin(large);
    s3.become('refusing');
    expect((await goOn(address, large.length, Buffer.alloc(0))).status).toBe(503);
    s3.become('well');
    expect((await goOn(address, large.length, Buffer.alloc(0))).status).toBe(201);
    expect((await read(address)).equals(large)).toBe(true);
  });
});
