/** A stand-alone server whose agents sleep, wait for others, and work quietly for a long time. */
import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '../../dist/index.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent } from './test-agent.mjs';

const note = (file, line) => appendFile(file, `${line}\n`);

/** As soon as the file has a line that says so. */
async function noted(file, line, signal) {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.split('\n').includes(line)) return;
    await delay(20, undefined, { signal });
  }
}

const hurried = { timeoutMs: 2_500 };

const agents = [
  agent(
    'sleeps',
    async (task) => {
      await task.step('before', () => note(task.data.file, 'before'));
      await task.progress(0.5, 'Asleep');
      await task.sleep(task.data.ms);
      await task.step('after', () => note(task.data.file, 'after'));
      return 'Slept.';
    },
    hurried,
  ),
  agent(
    'sleeps-side-by-side',
    async (task) => {
      const sleeps = [5_000, 4_500, 0, -1].map((ms) => task.sleep(ms));
      await Promise.all(sleeps);
      return 'All slept.';
    },
    hurried,
  ),
  /** Its sleep is a time limit for its work. */
  agent('races', async (task) => {
    const work = task.step('work', async ({ signal }) => {
      await note(task.data.file, 'works');
      await noted(task.data.file, 'go', signal);
      return 'worked';
    });
    return Promise.race([work, task.sleep(3_600_000).then(() => 'slept')]);
  }),
  agent('waits-for-child', async (task) => (await task.call('test/slow', task.parts)).text, hurried),
  agent('slow', async (task) => {
    await noted(task.data.file, 'go', task.signal);
    return 'Slow.';
  }),
  agent(
    'waits-for-children',
    async (task) => {
      const calls = task.data.files.map((file) => ({ agent: 'test/slow-once', input: [{ data: { file } }] }));
      return (await task.callAll(calls)).map(({ text }) => text).join(' ');
    },
    hurried,
  ),
  agent('slow-once', async (task) => {
    await task.step('begin', () => note(task.data.file, 'begun'));
    await noted(task.data.file, 'go', task.signal);
    return 'Slow.';
  }),
  agent(
    'waits-for-word',
    async (task) => (await task.inbox.wait({ timeoutMs: task.data?.timeoutMs }))?.text ?? 'Nothing came.',
    hurried,
  ),
  agent(
    'sleeps-and-hangs',
    async (task) => {
      await task.sleep(100);
      await new Promise(() => undefined);
    },
    hurried,
  ),
  agent('odd-sleep', async (task) => task.sleep(task.data.ms)),
  /** Says nothing; each step ends when the test says so. */
  agent('quiet', async (task) => {
    for (let n = 1; n <= task.data.steps; n += 1) {
      await task.step(`step ${n}`, async ({ signal }) => {
        await note(task.data.file, `begins ${n} ${process.pid}`);
        await noted(task.data.file, `end ${n}`, signal);
      });
    }
    return 'Done quietly.';
  }),
];

await startServer({ agents: [EchoAgent, ...agents] });
