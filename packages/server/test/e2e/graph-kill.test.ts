/** Graphs of LangGraph whose process is killed -9 inside a node, or while people are asked: no node that had finished runs again. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { at, call } from '../support/http-calls.js';
import { createTestDatabase } from '../support/database.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/graph-server.mjs', import.meta.url).pathname;
/** The first process has another number of connections than the next: by that its nodes tell them apart. */
const FIRST = 5;

function start(databaseUrl: string, pool: number): Promise<ServerProcess> {
  const env = { ...quick, DATABASE_URL: databaseUrl, CONTINUO_DATABASE_POOL: String(pool) };
  return startServer({ entry, env });
}

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}

/** The nodes whose results are kept. */
async function finished(url: string, id: string): Promise<readonly unknown[]> {
  const { body } = await call('GET', `${url}/tasks/${id}/steps`);
  const steps = at(body, 'steps') as readonly { readonly name: string }[];
  return steps.map(({ name }) => name).filter((name) => name !== 'input');
}

it('goes on with the node that was under way, of those side by side only with that', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const id = await begin(first.url, 'fan', { file, waits: 'middle', waitIn: FIRST });
  await until(async () => (await finished(first.url, id)).length === 3, { what: 'two of three nodes to finish' });
  await until(async () => (await linesOf(file)).includes('middle'), { what: 'the other one to run' });
  await first.kill('SIGKILL');

  const second = await start(url, FIRST + 1);
  const task = await inState(second.url, id, 'COMPLETED');
  expect(saidBy(task)).toBe('first, left, middle, right, last');
  const lines = await linesOf(file);
  expect(lines.toSorted()).toEqual(['first', 'last', 'left', 'middle', 'middle', 'right']);
  expect(lines[0]).toBe('first');
  expect(lines.at(-1)).toBe('last');
});

it('keeps a question over a kill, and goes on with its answer in the node that asked', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const id = await begin(first.url, 'asking', { file, waits: 'last', waitIn: FIRST + 1 });
  expect(saidBy(await inState(first.url, id, 'INPUT_REQUIRED'))).toBe('Shall it go on?');
  await first.kill('SIGKILL');

  const second = await start(url, FIRST + 1);
  expect(saidBy(await inState(second.url, id, 'INPUT_REQUIRED'))).toBe('Shall it go on?');
  const message = { taskId: id, parts: [{ text: 'Yes.' }] };
  await call('POST', `${second.url}/agents/test/asking/tasks`, { body: { message } });
  await until(async () => (await linesOf(file)).includes('last'), { what: 'the last node to run' });
  await second.kill('SIGKILL');

  const third = await start(url, FIRST + 2);
  expect(saidBy(await inState(third.url, id, 'COMPLETED'))).toBe('first, Yes., last');
  // LangGraph begins a node that asked again when the answer is there.
  expect(await linesOf(file)).toEqual(['first', 'ask', 'ask', 'last', 'last']);
});

it('fails with what a node threw; a retry goes on with that node', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const first = await start(url, FIRST);
  const id = await begin(first.url, 'failing', { file });
  expect(saidBy(await inState(first.url, id, 'FAILED'))).toContain('The post office is closed.');
  await first.kill('SIGTERM');

  const second = await start(url, FIRST + 1);
  await call('POST', `${second.url}/tasks/${id}:retry`);
  expect(saidBy(await inState(second.url, id, 'COMPLETED'))).toBe('first, sent');
  expect(await linesOf(file)).toEqual(['first', 'send', 'send']);
});

it('tells nodes that the task was cancelled', async () => {
  const file = await makeNotesFile();
  const { url } = await createTestDatabase();
  const server = await start(url, FIRST);
  const id = await begin(server.url, 'fan', { file, waits: 'first', waitIn: FIRST });
  await until(async () => (await linesOf(file)).includes('first'), { what: 'the first node to run' });
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  await until(async () => (await linesOf(file)).includes('first is stopped'), { what: 'the node to stop' });
  expect(await inState(server.url, id, 'CANCELED')).toBeDefined();
  expect(await answer(server.url, 'fan', id, 'more')).toMatchObject({ status: 400 });
});
