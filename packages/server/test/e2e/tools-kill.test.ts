/** Killed -9 inside the calls of a model and of its tools, and while people are asked: nothing that had finished is done again. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { keyOf } from '@continuo/agent/internal/runs/journal-entry.js';
import { saidBy } from '../support/answers.js';
import { at, call, textAt } from '../support/http-calls.js';
import { createTestDatabase } from '../support/database.js';
import { makeNotesFile } from '../support/noted-steps.js';
import type { Reply } from '../support/model-reply.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, onlyTaskOf } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/tools-server.mjs', import.meta.url).pathname;
/** The first process has another number of connections than the next: by that its tool tells them apart. */
const FIRST = 5;

let openAi: OpenAiServer;

beforeAll(async () => {
  openAi = await startOpenAiServer();
});

function start(databaseUrl: string, pool: number, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServer({
    entry,
    env: {
      DATABASE_URL: databaseUrl,
      CONTINUO_DATABASE_POOL: String(pool),
      CONTINUO_LEASE_MS: '2000',
      CONTINUO_HEARTBEAT_MS: '300',
      CONTINUO_SWEEP_MS: '100',
      CONTINUO_HISTORY_TOKENS: '200',
      CONTINUO_MODEL: 'openai-compatible/test-model',
      CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
      ...more,
    },
  });
}

function note(file: string, line: string, waitIn?: number): Reply {
  return {
    kind: 'calls',
    calls: [{ name: 'note', input: { file, line, ...(waitIn === undefined ? {} : { waitIn }) } }],
  };
}

/** Several lines in one answer. */
function notes(file: string, ...lines: readonly (readonly [line: string, waitIn?: number])[]): Reply {
  const calls = lines.map(([line, waitIn]) => ({
    name: 'note',
    input: { file, line, ...(waitIn === undefined ? {} : { waitIn }) },
  }));
  return { kind: 'calls', calls };
}

/** How often the tool has run and its result is kept. */
async function finished(url: string, id: string, tool: string): Promise<number> {
  const { body } = await call('GET', `${url}/tasks/${id}/steps`);
  return (at(body, 'steps') as readonly { readonly name: string }[]).filter(({ name }) => name === `tool ${tool}`)
    .length;
}

function signed(file: string, line: string, waitIn: number): Reply {
  return { kind: 'calls', calls: [{ name: 'sign', input: { file, line, waitIn } }] };
}

/** What the model was told of its calls, in order. */
function told(): readonly unknown[] {
  const results = openAi.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
  return results.map(({ content }) => content);
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}

it('asks again only the call of the model that was under way, and runs no tool again', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const asked = openAi.requests.length;
  openAi.next(note(file, 'one'), note(file, 'two'), { kind: 'stall', words: ['Half an '] });
  const id = await begin(first.url, 'noter', 'Note one and two.');
  await until(() => openAi.requests.length === asked + 3, { what: 'the third call of the model' });
  await first.kill('SIGKILL');

  openAi.next({ kind: 'answer', words: ['A whole ', 'answer.'] });
  const second = await start(url, FIRST + 1);
  const task = await inState(second.url, id, 'COMPLETED');
  expect(saidBy(task)).toBe('A whole answer.');
  expect(task).toMatchObject({ artifacts: [{ name: 'answer', parts: [{ text: 'A whole answer.' }] }] });
  expect(openAi.requests).toHaveLength(asked + 4);
  expect((await linesOf(file)).map((line) => line.split(' ')[0])).toEqual(['one', 'two']);
  expect(told()).toEqual(['noted one', 'noted two']);
});

it('runs again only the tool that was under way, with the same idempotency key, and asks the model nothing again', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const asked = openAi.requests.length;
  openAi.next(note(file, 'one'), note(file, 'two', FIRST));
  const id = await begin(first.url, 'noter', 'Note one and two.');
  await until(async () => (await linesOf(file)).length === 2, { what: 'the second tool to run' });
  await first.kill('SIGKILL');

  openAi.next({ kind: 'answer', words: ['Noted.'] });
  const second = await start(url, FIRST + 1);
  expect(saidBy(await inState(second.url, id, 'COMPLETED'))).toBe('Noted.');
  expect(openAi.requests).toHaveLength(asked + 3);
  const lines = await linesOf(file);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['one', 'two', 'two']);
  expect(lines[2]).toBe(lines[1]);
  expect(lines[0]?.split(' ')[1]).not.toBe(lines[1]?.split(' ')[1]);
});

it('runs again, of calls side by side, only the one that was under way', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const asked = openAi.requests.length;
  openAi.next(notes(file, ['one'], ['two', FIRST], ['three']));
  const id = await begin(first.url, 'noter', 'Note three.');
  await until(async () => (await finished(first.url, id, 'note')) === 2, { what: 'two of three tools to finish' });
  await until(async () => (await linesOf(file)).length === 3, { what: 'the other one to run' });
  await first.kill('SIGKILL');

  openAi.next({ kind: 'answer', words: ['Noted.'] });
  const second = await start(url, FIRST + 1);
  expect(saidBy(await inState(second.url, id, 'COMPLETED'))).toBe('Noted.');
  expect(openAi.requests).toHaveLength(asked + 2);
  expect(told()).toEqual(['noted one', 'noted two', 'noted three']);
  const lines = await linesOf(file);
  // The second time with the same key.
  expect(lines).toHaveLength(4);
  expect(new Set(lines).size).toBe(3);
  expect(lines.filter((line) => line.startsWith('two '))).toHaveLength(2);
});

it('goes on with calls that code from before had run one after the other', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  openAi.next(notes(file, ['one'], ['two', FIRST]));
  const id = await begin(first.url, 'noter', 'Note two.');
  await until(async () => (await finished(first.url, id, 'note')) === 1, { what: 'the first tool to finish' });
  await until(async () => (await linesOf(file)).length === 2, { what: 'the second tool to run' });
  await first.kill('SIGKILL');
  const before = { branch: '', lineage: '', kind: 'step', name: 'tool note', occurrence: 1 } as const;
  const key = keyOf(`${id}:1`, before);
  await runOn(url, `UPDATE journal SET branch = '', key = '${key}' WHERE name = 'tool note' AND task_id = '${id}'`);
  await runOn(url, `DELETE FROM journal WHERE kind = 'patch' AND task_id = '${id}'`);

  openAi.next(notes(file, ['three'], ['four']), { kind: 'answer', words: ['Noted.'] });
  const second = await start(url, FIRST + 1);
  expect(saidBy(await inState(second.url, id, 'COMPLETED'))).toBe('Noted.');
  expect(told()).toEqual(['noted one', 'noted two', 'noted three', 'noted four']);
  // What runs side by side writes in any order.
  const lines = (await linesOf(file)).map((line) => line.replace(/ .*/, ''));
  expect(lines.toSorted()).toEqual(['four', 'one', 'three', 'two', 'two']);
});

it('keeps a question about a call, and runs what was approved once: what was interrupted is asked about again', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  openAi.next(signed(file, 'contract', FIRST + 1));
  const id = await begin(first.url, 'noter', 'Sign it.');
  const asked = await inState(first.url, id, 'INPUT_REQUIRED');
  expect(saidBy(asked)).toContain('test/noter wants to use the tool sign.');
  await first.kill('SIGKILL');

  const second = await start(url, FIRST + 1);
  expect(await inState(second.url, id, 'INPUT_REQUIRED')).toMatchObject({ status: at(asked, 'status') as object });
  expect(await linesOf(file)).toEqual([]);
  const message = { taskId: id, parts: [{ text: 'yes' }] };
  await call('POST', `${second.url}/agents/test/noter/tasks`, { body: { message } });
  await until(async () => (await linesOf(file)).length === 1, { what: 'the tool to run' });
  await second.kill('SIGKILL');

  openAi.next({ kind: 'answer', words: ['Signed.'] });
  const third = await start(url, FIRST + 2);
  const again = await inState(third.url, id, 'INPUT_REQUIRED');
  expect(saidBy(again)).toContain('it is not known whether it took effect');
  expect(await linesOf(file)).toHaveLength(1);
  expect(saidBy((await answer(third.url, 'noter', id, { decision: 'approve' })).body)).toBe('Signed.');
  expect(told()).toEqual(['noted contract']);
  expect(await linesOf(file)).toHaveLength(2);
});

it('sums a long session up once, also when the answer behind that is interrupted', async () => {
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const session = await begin(first.url, 'noter', 'A long story. '.repeat(100));
  const { contextId } = (await inState(first.url, session, 'COMPLETED')) as { contextId: string };
  const asked = openAi.requests.length;
  openAi.next({ kind: 'answer', words: ['A story was told.'] }, { kind: 'stall', words: ['Half an '] });
  const { body } = await call('POST', `${first.url}/agents/test/noter/tasks`, {
    body: { message: 'What was it?', sessionId: contextId },
  });
  await until(() => openAi.requests.length === asked + 2, { what: 'the answer to begin' });
  await first.kill('SIGKILL');

  openAi.next({ kind: 'answer', words: ['A story.'] });
  const second = await start(url, FIRST + 1);
  expect(saidBy(await inState(second.url, textAt(body, 'id'), 'COMPLETED'))).toBe('A story.');
  expect(openAi.requests).toHaveLength(asked + 3);
  expect(JSON.stringify(openAi.requests.at(-1)?.messages)).toContain('A story was told.');
});

it('counts what the model took once, whether a process dies before its answer is stored or behind', async () => {
  const { url } = await createTestDatabase();
  const asked = openAi.requests.length;
  const file = await makeNotesFile();
  // The first answer is lost with the process; the second is stored when the next process dies in the tool.
  openAi.next({ kind: 'answer', words: ['Lost.'] }, note(file, 'one', FIRST + 1), {
    kind: 'answer',
    words: ['Noted.'],
  });
  const first = await start(url, FIRST, { CONTINUO_CRASH_AT: 'step-worked:1' });
  const begun = begin(first.url, 'noter', 'Note one.').catch(() => undefined);
  await Promise.all([begun, first.exited]);
  const second = await start(url, FIRST + 1);
  const id = await onlyTaskOf(second.url);
  await until(async () => (await linesOf(file)).length === 1, { what: 'the tool to run' });
  await second.kill('SIGKILL');
  const third = await start(url, FIRST + 2);
  await inState(third.url, id, 'COMPLETED');
  expect(openAi.requests).toHaveLength(asked + 3);
  const { body } = await call('GET', `${third.url}/usage?rootTaskId=${id}`);
  expect(body).toMatchObject({ total: { calls: 2, inputTokens: 20, outputTokens: 1 } });
});
