/** Agents that are careless with their promises, timers and errors end their own tasks, once, and nothing else. */
import { beforeAll, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { begin, inState } from '../support/two-instances.js';

const entry = new URL('../support/careless-server.mjs', import.meta.url).pathname;
let server: ServerProcess;
/** With a small heap. */
let small: ServerProcess;

beforeAll(async () => {
  const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_DRAIN_MS: '500' };
  server = await startServer({ entry, env });
  small = await startServer({ entry, env: { ...env, NODE_OPTIONS: '--max-old-space-size=512' } });
});

/** The process that was started is the one that answers. */
async function expectAlive({ url } = server): Promise<void> {
  const body = { message: 'still there?', wait: true };
  const { body: task } = await call('POST', `${url}/agents/function/echo/tasks`, { body });
  expect(at(task, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
}

/** What is logged may arrive later than what is answered. */
const LOGGED = { timeout: 60_000 };
const begun = (id: string): number =>
  server
    .output()
    .split('\n')
    .filter((line) => line.includes(id) && line.includes('a task begins')).length;

describe('what is under way when a task is cancelled', () => {
  it.each(['progress', 'artifact', 'write', 'step', 'state', 'inbox', 'call', 'sleep', 'asks', 'listener'])(
    'ends with it: %s',
    async (name) => {
      const id = await begin(server.url, name);
      await inState(server.url, id, 'WORKING');
      expect((await call('POST', `${server.url}/tasks/${id}:cancel`)).status).toBe(200);
      await inState(server.url, id, 'CANCELED');
      await expectAlive();
    },
  );
});

describe('what an agent leaves behind fails its task, at its first run', () => {
  it.each([
    ['failing-step', 'The forgotten step has failed.'],
    ['rejection', 'Nobody waits for this.'],
    ['rejection-in-step', 'Nobody waits for this either.'],
    ['timer', 'Thrown in a timer.'],
    ['microtask', 'Thrown in a microtask.'],
    ['microtask-in-step', 'Thrown in a microtask of a timer.'],
    ['emitter', 'Nobody listens.'],
    ['exit', 'The agent has called process.exit(3), which would end the server.'],
    ['exit-in-timer', 'The agent has called process.exit(3), which would end the server.'],
    ['wrong', 'progress: expected a number from 0 to 1, got NaN'],
    ['recursion', 'Maximum call stack size exceeded'],
  ])('%s', async (name, said) => {
    const id = await begin(server.url, name);
    expect(saidBy(await inState(server.url, id, 'FAILED'))).toBe(said);
    await expect.poll(() => begun(id), LOGGED).toBe(1);
    await expectAlive();
  });

  it.each([
    'throws-unreadable',
    'throws-hostile',
    'throws-nothing',
    'throws-bare',
    'rejects-symbol',
    'step-throws-unreadable',
    'step-throws-hostile',
    'leaves-hostile',
    'returns-hostile',
    'returns-cycle',
  ])('whatever it throws: %s', async (name) => {
    const id = await begin(server.url, name);
    const task = await inState(server.url, id, 'FAILED');
    expect(saidBy(task)).not.toBe('');
    await expect.poll(() => begun(id), LOGGED).toBe(1);
    await expectAlive();
  });
});

const dots = (count: number): RegExp => new RegExp(`^[.]{${count}}$`);

describe('more than can be stored', () => {
  it.each([
    ['writes-wildly', 1_000_000, 'FAILED', /await/],
    ['progresses-wildly', 1_000_000, 'FAILED', /await/],
    ['steps-wildly', 1_000_000, 'FAILED', /await/],
    ['writes-at-once', 300_000, 'FAILED', /await/],
    ['writes-at-once', 10_000, 'COMPLETED', dots(10_000)],
    ['writes-wildly', 10_000, 'COMPLETED', dots(10_000)],
    ['many-parts', 150_000, 'COMPLETED', dots(150_000)],
  ])('%s %i times with little memory: the task is %s, the process lives', async (name, count, state, said) => {
    const id = await begin(small.url, name, { count });
    expect(saidBy(await inState(small.url, id, state))).toMatch(said);
    await expectAlive(small);
  });
});
