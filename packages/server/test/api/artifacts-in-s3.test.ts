/** Artifacts whose content lies in S3: they read as if it lay in PostgreSQL, and wait for S3 while that is away. */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { CONTENT_EXTENSION, type Artifact } from '@continuo/agent/internal/tasks/task.js';
import { storedApart } from '../../src/tasks/objects-of-events.js';
import { completedTask } from '../support/completed-task.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { appendOf, chunk, openTask, startLogInstance } from '../support/log-instance.js';
import { startNestServer } from '../support/nest-server.js';
import { runOn } from '../support/postgres.js';
import { startS3Server, type S3Server } from '../support/s3-server.js';
import { until } from '../support/until.js';
import { startReceiver } from '../support/webhook-receiver.js';

const MIB = 1024 ** 2;
/** Characters of one to four bytes, and what JSON writes in another way, in no step with any border. */
const letters = 'ab"\\\n\u0001é€𝄞'.repeat(90_001);
const picture = randomBytes(6 * MIB + 1);
const rows = Array.from({ length: 9_000 }, (_, n) => ({ n, name: `row "${n}" 𝄞` }));
const everything: readonly Part[] = [
  { text: letters, mediaType: 'text/markdown', filename: 'a.md' },
  { text: 'short', metadata: { apart: false } },
  { raw: picture.toString('base64'), mediaType: 'image/png', filename: 'a.png' },
  { url: 'https://example.com/a' },
  { data: { rows } },
  { raw: Buffer.from('small').toString('base64'), mediaType: 'image/gif' },
];
const contents = [
  Buffer.from(letters),
  Buffer.from('short'),
  picture,
  Buffer.from('https://example.com/a'),
  Buffer.from(JSON.stringify({ rows })),
  Buffer.from('small'),
];
/** Base64 as nobody has to write it: what is decoded and encoded again is another text. */
const odd = `${'QUJD'.repeat(MIB)}QR==`;

const made: Readonly<Record<string, readonly Part[]>> = {
  everything,
  odd: [{ raw: odd }],
  small: [{ text: 'x'.repeat(MIB - 1) }],
  two: [{ text: 'y'.repeat(1.5 * MIB) }],
};

@A2AAgent({ type: 'test', name: 'maker', description: 'Makes the artifact that it is asked for.' })
class MakerAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await task.artifact({ artifactId: 'made', name: 'Made', parts: [...(made[task.text] ?? [])] });
  }
}

let s3: S3Server;
let url: string;
let databaseUrl: string;

beforeAll(async () => {
  s3 = await startS3Server();
  for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
  ({ url: databaseUrl } = await createTestDatabase());
  const settings = { DATABASE_URL: databaseUrl, CONTINUO_RETENTION_MS: '50' };
  ({ url } = await startNestServer([MakerAgent], { ...settings, CONTINUO_FILES: s3.files }));
});

beforeEach(() => s3.become('well'));
afterAll(() => void vi.unstubAllEnvs());

const query = (sql: string) => runOn(databaseUrl, sql);
const pathOf = (id: string, more = '') => `${url}/tasks/${id}/artifacts/made${more}`;
const bytesAt = async (address: string, headers = {}): Promise<Buffer> =>
  Buffer.from(await (await fetch(address, { headers })).arrayBuffer());

async function begin(text: string, sessionId: string = randomUUID()): Promise<string> {
  const body = { message: { messageId: randomUUID(), contextId: sessionId, parts: [{ text }] } };
  const answer = await call('POST', `${url}/agents/test/maker/tasks`, { body });
  expect(answer).toMatchObject({ status: 201 });
  return textAt(answer.body, 'id');
}

async function make(text: string, sessionId?: string): Promise<string> {
  const id = await begin(text, sessionId);
  await completedTask(url, id);
  return id;
}

const objectOf = async (id: string): Promise<string> => {
  const [row] = await query(
    `SELECT object->>'id' AS object FROM task_pages WHERE task_id = '${id}' AND object IS NOT NULL`,
  );
  return String(row?.['object']);
};
const isThere = async (object: string): Promise<boolean> => (await s3.objects()).some((name) => name.endsWith(object));

describe('an artifact of all kinds of parts', () => {
  const sessionId = randomUUID();
  let id: string;

  beforeAll(async () => {
    id = await make('everything', sessionId);
  });

  it('has its content in one object, and in PostgreSQL what says of which kind it is', async () => {
    const [row] = await query(
      `SELECT sum(octet_length(payload::text))::int AS payload, count(object)::int AS objects FROM task_pages WHERE task_id = '${id}'`,
    );
    expect(row).toEqual({ payload: expect.any(Number), objects: 1 });
    expect(Number(row?.['payload'])).toBeLessThan(2_000);
    expect(await isThere(await objectOf(id))).toBe(true);
    expect(await query('SELECT * FROM removed_files')).toEqual([]);
    expect(await s3.uploads()).toEqual([]);
  });

  it('comes with its task as it was made, in every answer and event', async () => {
    const events = await (await fetch(`${url}/tasks/${id}/events?follow=false`)).text();
    const exported: unknown = await (await fetch(`${url}/sessions/${sessionId}/export`)).json();
    const [frame = ''] = events.split('\n\n').filter((one) => one.includes('"artifactUpdate"'));
    const seen = [
      at((await call('GET', `${url}/tasks/${id}`)).body, 'artifacts', 0),
      at((await callRpc(`${url}/agents/test/maker`, 'GetTask', { id })).body, 'result', 'artifacts', 0),
      at(
        (await call('GET', `${url}/tasks?sessionId=${sessionId}&includeArtifacts=true`)).body,
        'tasks',
        0,
        'artifacts',
        0,
      ),
      at(JSON.parse(frame.slice(frame.indexOf('{'))), 'artifactUpdate', 'artifact'),
      (at(exported, 'tasks', 0, 'events') as readonly unknown[])
        .map((event) => at(event, 'event', 'artifactUpdate', 'artifact') as Artifact | undefined)
        .find((artifact) => artifact !== undefined),
    ];
    for (const artifact of seen) {
      expect(artifact).toMatchObject({ artifactId: 'made', name: 'Made' });
      expect((artifact as Artifact).parts.length).toBe(everything.length);
      // Not in one comparison: it would print all of it.
      for (const [n, part] of everything.entries()) {
        expect([n, isDeepStrictEqual((artifact as Artifact).parts[n], part)]).toEqual([n, true]);
      }
    }
  });

  it('is a file of as many bytes, as a whole, in parts and from any byte to any other', async () => {
    const whole = Buffer.concat(contents);
    expect((await bytesAt(pathOf(id))).equals(whole)).toBe(true);
    for (const [n, content] of contents.entries())
      expect([n, (await bytesAt(pathOf(id, `?part=${n}`))).equals(content)]).toEqual([n, true]);
    const border = contents[0]?.length ?? 0;
    for (const [first, last] of [
      [0, 0],
      [border - 3, border + 9],
      [border + 5 * MIB - 9, border + 5 * MIB + 99],
      [whole.length - 7, whole.length - 1],
    ] as const) {
      const response = await fetch(pathOf(id), { headers: { range: `bytes=${first}-${last}` } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.length}`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(whole.subarray(first, last + 1));
    }
    const etag = (await fetch(pathOf(id), { method: 'HEAD' })).headers.get('etag') ?? '';
    expect((await fetch(pathOf(id), { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(pathOf(id), { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416);
  });

  it('is refused while S3 is away, and there again afterwards', async () => {
    s3.become('busy');
    for (const address of [pathOf(id), `${url}/tasks/${id}`]) {
      const { status, headers } = await fetch(address);
      expect([address, status, headers.get('retry-after')]).toEqual([address, 503, '5']);
    }
    s3.become('well');
    expect((await bytesAt(pathOf(id, '?part=1'))).toString()).toBe('short');
  });

  it('loses its object when its session is deleted', async () => {
    const object = await objectOf(id);
    expect((await call('DELETE', `${url}/sessions/${sessionId}`)).status).toBe(204);
    await until(async () => !(await isThere(object)), { what: 'the object to be gone' });
    await until(async () => (await query('SELECT * FROM removed_files')).length === 0, {
      what: 'nothing to be removed',
    });
  });
});

it.each(['odd', 'small'])('an artifact with %s content stays in PostgreSQL', async (what) => {
  const id = await make(what);
  expect(await objectOf(id)).toBe('undefined');
  const part = at((await call('GET', `${url}/tasks/${id}`)).body, 'artifacts', 0, 'parts', 0);
  expect(JSON.stringify(part) === JSON.stringify(made[what]?.[0])).toBe(true);
});

it('a run waits while S3 is away, with nothing half-stored, and goes on', async () => {
  s3.become('refusing');
  const id = await begin('two');
  const count = s3.requests.length;
  await until(() => s3.requests.length > count + 3, { what: 'the run to have tried more than once' });
  expect((await call('GET', `${url}/tasks/${id}`)).body).toMatchObject({ status: { state: 'TASK_STATE_WORKING' } });
  expect(await query(`SELECT 1 FROM task_pages WHERE task_id = '${id}' AND artifacts IS NOT NULL`)).toEqual([]);
  s3.become('well');
  const task = await completedTask(url, id);
  expect(textAt(task, 'artifacts', 0, 'parts', 0, 'text').length).toBe(1.5 * MIB);
  expect(await isThere(await objectOf(id))).toBe(true);
  // What was begun in vain is forgotten in time; what the log names stays.
  await until(
    async () => {
      await query(`UPDATE removed_files SET due_at = due_at - interval '1 hour'`);
      return (await query('SELECT * FROM removed_files')).length === 0;
    },
    { what: 'nothing to be removed' },
  );
  expect((await bytesAt(pathOf(id))).length).toBe(1.5 * MIB);
});

it('a task whose run waits for S3 can be cancelled', async () => {
  s3.become('refusing');
  const id = await begin('two');
  const count = s3.requests.length;
  await until(() => s3.requests.length > count, { what: 'the run to try' });
  expect((await call('POST', `${url}/tasks/${id}:cancel`)).body).toMatchObject({
    status: { state: 'TASK_STATE_CANCELED' },
  });
});

it('a webhook is told where the content is', async () => {
  const endpoint = (await startReceiver()).at('objects');
  const hook = { url: endpoint.url, kinds: ['artifactUpdate'] };
  expect((await call('POST', `${url}/webhooks`, { body: hook })).status).toBe(201);
  // Where it lies in PostgreSQL, one of this size is told as a whole.
  const id = await make('two');
  const [told] = await until(() => endpoint.received.length > 0 && endpoint.received, { what: 'a delivery' });
  expect(at(told?.body, 'artifactUpdate', 'artifact')).toEqual({
    artifactId: 'made',
    name: 'Made',
    parts: [],
    metadata: { [CONTENT_EXTENSION]: { uri: `/tasks/${id}/artifacts/made`, bytes: expect.any(Number) as number } },
  });
});

it('an artifact lies partly here and partly there, and a server without the setting says where it cannot read', async () => {
  const without = await startLogInstance(databaseUrl);
  const instance = await startLogInstance(databaseUrl, undefined, s3.files);
  const task = await openTask(instance);
  const ids = { taskId: task.id, contextId: task.contextId, clock: systemClock };
  for (const [n, { log }] of [without, instance].entries()) {
    const said = [chunk('mixed', 'ab'.charAt(n).repeat(MIB))];
    await log.append(appendOf(task, n + 1, (await storedApart(log.objects, said, ids)?.()) ?? said));
  }
  const wanted = { taskId: task.id, artifactId: 'mixed', part: 0 };
  const content = await instance.tasks.content(task.caller, wanted);
  const pieces: Buffer[] = [];
  for await (const piece of content.read(MIB - 1, content.bytes - 1)) pieces.push(piece);
  expect(Buffer.concat(pieces).toString() === `a${'b'.repeat(MIB)}`).toBe(true);
  const view = { historyLength: 0, artifacts: true };
  await expect(without.tasks.get(task.caller, task.id, view)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('CONTINUO_FILES') as string,
  });
});

describe('an append whose object', () => {
  it('is being removed is refused, and stores nothing; one with another object does', async () => {
    const instance = await startLogInstance(databaseUrl, undefined, s3.files);
    const task = await openTask(instance);
    const said = [chunk('late', 'z'.repeat(MIB))];
    const late = await storedApart(instance.log.objects, said, { ...task, taskId: task.id, clock: systemClock })?.();
    const object = late?.[0]?.kind === 'artifactUpdate' ? late[0].object?.id : undefined;
    await query(`UPDATE removed_files SET attempts = 1 WHERE file_id = '${object}'`);
    await expect(instance.log.append(appendOf(task, 1, late ?? []))).rejects.toThrow('is being removed');
    expect(await query(`SELECT 1 FROM task_pages WHERE task_id = '${task.id}' AND first_seq > 2`)).toEqual([]);
    const again = await storedApart(instance.log.objects, said, { ...task, taskId: task.id, clock: systemClock })?.();
    await instance.log.append(appendOf(task, 1, again ?? []));
    expect(await objectOf(task.id)).not.toBe(object);
    // The same once more, as after an answer that was lost.
    await instance.log.append(appendOf(task, 1, again ?? []));
    expect(await query(`SELECT 1 FROM task_pages WHERE task_id = '${task.id}' AND object IS NOT NULL`)).toHaveLength(1);
  });

  it('was written by a run that has lost its task is refused, and the object removed in time', async () => {
    const instance = await startLogInstance(databaseUrl, undefined, s3.files);
    const task = await openTask(instance);
    const said = await storedApart(instance.log.objects, [chunk('fenced', 'z'.repeat(MIB))], {
      ...task,
      taskId: task.id,
      clock: systemClock,
    })?.();
    const object = said?.[0]?.kind === 'artifactUpdate' ? (said[0].object?.id ?? '') : '';
    const append = appendOf(task, 1, said ?? [], { guard: { token: randomUUID(), runSeq: 1 } });
    await expect(instance.log.append(append)).rejects.toThrow('Another run owns');
    expect(await isThere(object)).toBe(true);
    await query(`UPDATE removed_files SET due_at = now()`);
    await until(async () => !(await isThere(object)), { what: 'the object to be gone' });
  });
});
