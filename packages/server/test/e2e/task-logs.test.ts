/** What agents log with `task.log`: kept with the task, once, whatever happens on the way; and how tasks fail, those alike together. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { nodeOf, readTrace } from '../support/trace-reader.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/trace-server.mjs', import.meta.url).pathname;
const SECRET = 'open-sesame-4711';

interface Page {
  readonly lines: readonly {
    readonly number: number;
    readonly level: string;
    readonly message: string;
    readonly fields?: unknown;
    readonly step?: string;
    readonly run: number;
  }[];
  readonly dropped: number;
  readonly next: number | null;
}

let directory: string;
let first: ServerProcess;
let second: ServerProcess;

beforeAll(async () => {
  directory = await makeTemporaryDirectory('logs');
  const { url } = await createTestDatabase();
  const env = {
    ...quick,
    CONTINUO_LEASE_MS: '10000',
    DATABASE_URL: url,
    CONTINUO_MODEL: 'openai/any',
    CONTINUO_MODEL_API_KEY: SECRET,
  };
  [first, second] = await Promise.all([startServer({ entry, env }), startServer({ entry, env })]);
});

async function readLog(url: string, id: string, query = ''): Promise<Page> {
  const { status, body } = await call('GET', `${url}/tasks/${id}/log${query}`);
  expect(status).toBe(200);
  return body as Page;
}

it('each line is kept once, though its agent came by it again after a kill and after an answer', async () => {
  const file = join(directory, 'gate');
  const id = await begin(first.url, 'logs', { file });
  const reached = async (): Promise<boolean> =>
    (await readLog(second.url, id)).lines.some(({ message }) => message === 'at the gate');
  await until(reached, { what: 'the gate to be reached' });
  await first.kill('SIGKILL');
  await writeFile(file, '');
  await inState(second.url, id, 'INPUT_REQUIRED');
  await answer(second.url, 'logs', id, 'Yes');
  await inState(second.url, id, 'COMPLETED');
  first = await startServer({ entry, env: first.env });
  const { lines, dropped, next } = await readLog(first.url, id);
  expect([dropped, next]).toEqual([0, null]);
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  expect(lines.map(({ level, message }) => `${level} ${message}`).toSorted()).toEqual([
    'debug in a branch',
    'debug in a branch',
    'error at the gate',
    'info begins',
    'info begins',
    'info was told Yes',
    'warn looks left',
    'warn looks right',
  ]);
  expect(lines[0]).toMatchObject({ message: 'begins', fields: { order: 7 }, run: 1 });
  expect(lines.at(-1)).toMatchObject({ message: 'was told Yes', run: 3 });
  const gate = nodeOf(await readTrace(second.url, id), 'gate');
  expect(lines.find(({ message }) => message === 'at the gate')).toMatchObject({ step: gate.id, run: 1 });
  const grave = await readLog(second.url, id, '?level=warn');
  expect(grave.lines.map(({ level }) => level).toSorted()).toEqual(['error', 'warn', 'warn']);
});

it('a page goes on where the one before has ended', async () => {
  const id = await begin(first.url, 'chatters', { lines: 25, secret: SECRET });
  await inState(first.url, id, 'COMPLETED');
  const numbers: number[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: Page = await readLog(second.url, id, `?pageSize=10&after=${after}`);
    expect(page.lines.length).toBeLessThanOrEqual(10);
    numbers.push(...page.lines.map(({ number }) => number));
    after = page.next;
  }
  expect(numbers).toEqual(Array.from({ length: 27 }, (_, index) => index + 1));
});

it('hides secrets, takes any fields, and is in the log of the server with the id of its task', async () => {
  const id = await begin(first.url, 'chatters', { lines: 0, secret: SECRET });
  await inState(first.url, id, 'COMPLETED');
  const { lines } = await readLog(second.url, id);
  expect(lines.map(({ message }) => message)).toEqual(['the password is [hidden]', 'odd']);
  expect(lines[1]?.fields).toEqual({ self: '1n', deep: { list: [1, 'two'] } });
  const written = () => [first, second].flatMap((server) => server.output().split('\n'));
  await until(() => written().some((line) => line.includes(id) && line.includes('"msg":"odd"')), {
    what: 'the line to be in the log of the server',
  });
});

it('keeps so many lines of one task and no more, and says how many there were', async () => {
  const id = await begin(first.url, 'chatters', { lines: 6_000, secret: SECRET });
  await inState(first.url, id, 'COMPLETED');
  const { lines, dropped } = await readLog(second.url, id, '?pageSize=5000');
  expect([lines.length, dropped]).toEqual([5_000, 1_002]);
});

it('tasks that failed alike are counted together, whatever numbers, ids and names stand in their messages', async () => {
  for (const text of ['1', '22', '333']) await inState(first.url, await begin(first.url, 'hopeless', text), 'FAILED');
  const file = join(directory, 'never');
  const other = await begin(first.url, 'mended', { file });
  await inState(first.url, other, 'FAILED');
  const { body } = await call('GET', `${second.url}/statistics/errors`);
  expect(at(body, 'errors')).toMatchObject([
    {
      agent: 'test/hopeless',
      name: 'RangeError',
      step: 'doomed',
      count: 3,
      place: expect.stringMatching(/trace-server\.mjs:\d+$/),
    },
    { agent: 'test/mended', name: 'TerminalError', message: 'Not yet.', count: 1, taskId: other },
  ]);
  const { body: before } = await call('GET', `${second.url}/statistics/errors?to=2026-01-01T00:00:00Z`);
  expect(at(before, 'errors')).toEqual([]);
  const { body: one } = await call('GET', `${second.url}/statistics/errors?agent=test/mended`);
  expect(at(one, 'total')).toBe(1);
});

it('goes with its task', async () => {
  const { body: session } = await call('POST', `${first.url}/sessions`);
  const sessionId = String(at(session, 'id'));
  const message = { parts: [{ data: { lines: 3, secret: SECRET } }] };
  const { body: task } = await call('POST', `${first.url}/agents/test/chatters/tasks`, {
    body: { message, sessionId, wait: true },
  });
  const id = String(at(task, 'id'));
  expect((await readLog(first.url, id)).lines.length).toBe(5);
  await call('DELETE', `${first.url}/sessions/${sessionId}`);
  const { status } = await call('GET', `${first.url}/tasks/${id}/log`);
  expect(status).toBe(404);
});
