/** A deploy changes the code of agents whose tasks wait: every such task goes on, is held, or ends and says why. */
import { beforeAll, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/changing-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DRAIN_MS: '500' };
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  env = { ...settings, DATABASE_URL: (await createTestDatabase()).url };
});

const start = (version: string, more = {}): Promise<ServerProcess> =>
  startServer({ entry, env: { ...env, AGENTS_VERSION: version, ...more } });

const stageOf = (task: unknown): string => textAt(task, 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');

/** The task as soon as what it does begins so. */
async function inStage(url: string, id: string, beginning: string): Promise<unknown> {
  const look = async (): Promise<unknown> => {
    const { body } = await call('GET', `${url}/tasks/${id}`);
    return stageOf(body).startsWith(beginning) && { task: body };
  };
  const { task } = (await until(look, { what: `task ${id} to be ${beginning}` })) as { task: unknown };
  return task;
}

/** What a task says that is held: what it has finished, and what the code now does. */
const held = (finished: string, found: string): string => `Held: Finished: ${finished}; the code now runs: ${found}.`;

type Row = readonly [change: string, state: 'COMPLETED' | 'FAILED' | 'HELD', said: string];

const rows: readonly Row[] = [
  ['original', 'COMPLETED', 'The answer was yes.'],
  ['added-behind', 'COMPLETED', 'The answer was yes.'],
  ['removed', 'COMPLETED', 'The answer was yes.'],
  ['reordered', 'COMPLETED', 'The answer was yes.'],
  ['named', 'COMPLETED', 'The answer was yes.'],
  ['throws', 'FAILED', 'A plain bug.'],
  ['added-before', 'HELD', held('step "check"', 'step "welcome"')],
  ['renamed', 'HELD', held('step "reserve"', 'step "hold"')],
  ['reworded', 'HELD', held('question "Refund it?"', 'question "May I refund it?"')],
  ['ends-early', 'HELD', held('question "Refund it?"', 'the end')],
];

describe('while a task waits for an answer', () => {
  it('its code may change in every way: it goes on, or is held until the code fits again', async () => {
    const first = await start('original');
    const tasks: (readonly [id: string, ...Row])[] = [];
    for (const row of rows) tasks.push([await begin(first.url, row[0] === 'named' ? 'named' : 'refunds'), ...row]);
    for (const [id] of tasks) await inState(first.url, id, 'INPUT_REQUIRED');
    await first.kill('SIGTERM');
    for (const [id, version, state, said] of tasks) {
      const server = await start(version);
      const answered = answer(server.url, version === 'named' ? 'named' : 'refunds', id, 'yes').catch(() => undefined);
      const task = state === 'HELD' ? await inStage(server.url, id, 'Held: ') : await inState(server.url, id, state);
      expect({ version, said: state === 'HELD' ? stageOf(task) : saidBy(task) }).toEqual({ version, said });
      const logged = { COMPLETED: 'a task completed', FAILED: 'A plain bug.', HELD: 'a task is held' }[state];
      await until(() => server.output().includes(logged), { what: `"${logged}" to be logged` });
      await server.kill('SIGTERM');
      await answered;
    }
    // The code is put right again: what is held goes on by itself, what failed can be tried again.
    const last = await start('original');
    for (const [id, , state] of tasks) {
      if (state === 'FAILED') await call('POST', `${last.url}/tasks/${id}:retry`);
      expect(saidBy(await inState(last.url, id, 'COMPLETED'))).toBe('The answer was yes.');
    }
  });

  it('what its new code says more is heard', async () => {
    const first = await start('original');
    const id = await begin(first.url, 'speaks');
    await inState(first.url, id, 'INPUT_REQUIRED');
    await first.kill('SIGTERM');
    const second = await start('speaks-more');
    await answer(second.url, 'speaks', id, 'yes');
    expect(saidBy(await inState(second.url, id, 'COMPLETED'))).toBe('The answer was yes.');
    const log = await (await fetch(`${second.url}/tasks/${id}/events?follow=false`)).text();
    const stages = log.match(/"stage":"said \d"/g);
    expect(stages).toEqual([1, 2, 3].map((n) => `"stage":"said ${n}"`));
    await second.kill('SIGTERM');
  });
});

it('a task that kills its process once it is answered is FAILED after CONTINUO_MAX_RUNS', async () => {
  const limit = { CONTINUO_MAX_RUNS: '2' };
  let server: ServerProcess | undefined = await start('original', limit);
  const id = await begin(server.url, 'dies-answered');
  await inState(server.url, id, 'INPUT_REQUIRED');
  answer(server.url, 'dies-answered', id, 'yes').catch(() => undefined);
  let task: unknown;
  for (let starts = 0; task === undefined; starts += 1) {
    expect(starts).toBeLessThan(6);
    const alive: ServerProcess | undefined = server;
    if (alive !== undefined) {
      const failed = inState(alive.url, id, 'FAILED').catch(() => undefined);
      task = await Promise.race([failed, alive.exited.then(() => undefined)]);
    }
    // It may die before it is ready: the task is the first thing that it takes over.
    if (task === undefined) server = await start('original', limit).catch(() => undefined);
  }
  expect(saidBy(task)).toBe('The task was started 2 times without getting further; gave up.');
});

it("an agent's error that looks like one about its own task fails the task", async () => {
  const server = await start('original');
  const id = await begin(server.url, 'reads-others');
  expect(saidBy(await inState(server.url, id, 'FAILED'))).toBe('Task 1 is gone.');
  await until(() => server.output().includes('a task failed'), { what: 'the failure to be logged' });
});
