/** A deploy changes the code of agents whose tasks wait: every such task goes on, or ends and says why. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, saidBy } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/changing-server.mjs', import.meta.url).pathname;
const quick = {
  CONTINUO_DRAIN_MS: '500',
  CONTINUO_LEASE_MS: '900',
  CONTINUO_HEARTBEAT_MS: '300',
  CONTINUO_SWEEP_MS: '100',
};
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  env = { ...quick, DATABASE_URL: (await createTestDatabase()).url };
});

const start = (version: string, more = {}): Promise<ServerProcess> =>
  startServer({ entry, env: { ...env, AGENTS_VERSION: version, ...more } });

const changed = (ran: string): string =>
  `The agent's code has changed: it runs step "${ran}" where this task has finished another one before.`;

const rows: readonly (readonly [change: string, state: string, said: string])[] = [
  ['original', 'COMPLETED', 'The answer was yes.'],
  ['added-behind', 'COMPLETED', 'The answer was yes.'],
  ['reworded', 'COMPLETED', 'The answer was yes.'],
  ['added-before', 'FAILED', changed('welcome')],
  ['renamed', 'FAILED', changed('hold')],
  ['reordered', 'FAILED', changed('reserve')],
  ['throws', 'FAILED', 'A plain bug.'],
];

describe('while a task waits for an answer', () => {
  it('its code may change in every way: it ends with what that means', async () => {
    const first = await start('original');
    const tasks: (readonly [id: string, ...(typeof rows)[number]])[] = [];
    for (const row of rows) tasks.push([await begin(first.url, 'refunds'), ...row]);
    for (const [id] of tasks) await inState(first.url, id, 'INPUT_REQUIRED');
    await first.kill('SIGTERM');
    for (const [id, version, state, said] of tasks) {
      const server = await start(version);
      await answer(server.url, 'refunds', id, 'yes');
      expect({ version, said: saidBy(await inState(server.url, id, state)) }).toEqual({ version, said });
      const reason = state === 'FAILED' ? JSON.stringify(said).slice(1, -1) : 'a task completed';
      await until(() => server.output().includes(reason), { what: `"${reason}" to be logged` });
      await server.kill('SIGTERM');
    }
    // The code is put right again: the tasks can be tried again, with the answers that they have.
    const last = await start('original');
    for (const [id, , state] of tasks) {
      if (state === 'COMPLETED') continue;
      await call('POST', `${last.url}/tasks/${id}:retry`);
      expect(saidBy(await inState(last.url, id, 'COMPLETED'))).toBe('The answer was yes.');
    }
  });

  it('what its new code says may be refused: then it ends, and says why', async () => {
    const first = await start('original');
    const id = await begin(first.url, 'speaks');
    await inState(first.url, id, 'INPUT_REQUIRED');
    await first.kill('SIGTERM');
    const second = await start('speaks-more');
    await answer(second.url, 'speaks', id, 'yes');
    const task = await inState(second.url, id, 'FAILED');
    expect(saidBy(task)).toContain("can't be stored");
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
