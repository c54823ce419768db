/** A stand-alone server with an agent that does everything that a trace shows, and gets stuck until it is killed. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { A2AAgent, ContextAgentBaseService, startServer, TerminalError, tool } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const there = (file) =>
  readFile(file, 'utf8').then(
    () => true,
    () => false,
  );

/** Resolves once the test has written the file, by a check of its own for each 20 ms. */
async function written(file, signal) {
  while (!(await there(file))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const attempts = new Map();

/** An error of the project's own code, with a cause. */
function refuse(attempt) {
  throw new RangeError(`Order 1${attempt} is "odd"`, { cause: new Error('The shelf is empty.') });
}

class Clerk extends ContextAgentBaseService {
  context = 'You look things up.';
  tools = {
    look_up: tool({ description: 'Finds an order.', input: z.object({ order: z.number() }), run: () => 'It is paid.' }),
  };
}
A2AAgent({ type: 'test', name: 'clerk', description: 'Looks things up.' })(Clerk);

const agents = [
  Clerk,
  agent('traced', async (task) => {
    const { file } = task.data;
    const order = await task.step('load', () => ({ total: 40 }), { input: { order: 7 } });
    await Promise.all([
      task.branch('left', () =>
        task.step(
          'unsteady',
          () => {
            const attempt = (attempts.get(task.id) ?? 0) + 1;
            attempts.set(task.id, attempt);
            if (attempt < 3) refuse(attempt);
            return attempt;
          },
          { retryDelayMs: 1 },
        ),
      ),
      task.branch('right', () => task.step('steady', () => 'right')),
    ]);
    await task.step('gate', ({ signal }) => written(file, signal));
    await task.sleep(1);
    const found = await task.call('test/clerk', 'Is order 7 paid?');
    const answer = await task.requestInput(`Refund ${order.total} EUR?`, { name: 'refund' });
    return `${found.text} ${answer.text}`;
  }),
  agent('hopeless', async (task) => {
    const options = { maxAttempts: 3, retryDelayMs: 1 };
    await task.step('doomed', () => refuse(task.text), options);
  }),
  agent('mended', async (task) => {
    await task.step('first', () => 1);
    await task.step('second', async () => {
      if (!(await there(task.data.file))) throw new TerminalError('Not yet.');
      return 2;
    });
  }),
  agent('many', async (task) => {
    const { steps, bytes } = task.data;
    const step = (n) => task.step(`step ${n}`, () => 'x'.repeat(bytes));
    const all = Array.from({ length: steps }, (_, n) => n);
    while (all.length > 0) await Promise.all(all.splice(0, 500).map(step));
  }),
  /** Says each line once, in two branches and a step that is killed in the middle. */
  agent('logs', async (task) => {
    const { file } = task.data;
    task.log.info('begins', { order: 7 });
    task.log.info('begins', { order: 7 });
    await Promise.all(
      ['left', 'right'].map((name) =>
        task.branch(name, async () => {
          task.log.debug('in a branch');
          await task.step('look', () => task.log.warn(`looks ${name}`));
        }),
      ),
    );
    await task.step('gate', async ({ signal }) => {
      task.log.error('at the gate', { pid: 'any' });
      await task.progress(0.5, 'At the gate');
      await written(file, signal);
    });
    const { text } = await task.requestInput('Go on?');
    task.log.info(`was told ${text}`);
    return 'Logged.';
  }),
  agent('chatters', async (task) => {
    for (let line = 1; line <= task.data.lines; line += 1) task.log.info(`line ${line}`);
    task.log.info(`the password is ${task.data.secret}`);
    task.log.info('odd', { self: 1n, nothing: undefined, deep: { list: [1, 'two'] } });
    return 'Said.';
  }),
  agent('tells-secrets', async (task) => {
    const options = { maxAttempts: 1, input: { url: task.text } };
    await task.step('connect', () => task.text, options);
    await task.step('refused', () => Promise.reject(new Error(`Could not reach ${task.text}`)), options);
  }),
];

await startServer({ agents });
