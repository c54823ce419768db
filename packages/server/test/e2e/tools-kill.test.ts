/** Killed -9 between and inside the calls of a model and of its tools, and behind a summary: nothing that had finished is done again. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { call, textAt } from '../support/http-calls.js';
import { createTestDatabase } from '../support/database.js';
import { makeNotesFile } from '../support/noted-steps.js';
import type { Reply } from '../support/model-reply.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { begin, inState } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/tools-server.mjs', import.meta.url).pathname;
/** The first process has another number of connections than the next: by that its tool tells them apart. */
const FIRST = 5;

let openAi: OpenAiServer;

beforeAll(async () => {
  openAi = await startOpenAiServer();
});

function start(databaseUrl: string, pool: number): Promise<ServerProcess> {
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
    },
  });
}

function note(file: string, line: string, waitIn?: number): Reply {
  return {
    kind: 'calls',
    calls: [{ name: 'note', input: { file, line, ...(waitIn === undefined ? {} : { waitIn }) } }],
  };
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
  const told = openAi.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
  expect(told.map(({ content }) => content)).toEqual(['noted one', 'noted two']);
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
