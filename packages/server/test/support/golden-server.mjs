/** The agents whose open tasks lie in the golden dumps: their code stays as it is, but for `GOLDEN_CODE=changed`. */
import { appendFileSync } from 'node:fs';
import { startServer } from '../../dist/index.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent } from './test-agent.mjs';

const changed = process.env.GOLDEN_CODE === 'changed';
/** What steps did, line by line. */
const notes = process.env.GOLDEN_NOTES ?? '';

const note = (task, what) => appendFileSync(notes, `${task.text || task.id} ${what}\n`);

/** A step that begins and doesn't end as long as `GOLDEN_HANGS` is set. */
const hang = () => (process.env.GOLDEN_HANGS === undefined ? Promise.resolve() : new Promise(() => undefined));

const agents = [
  agent('asks', async (task) => {
    const before = await task.step('before', () => {
      note(task, 'before');
      return 'before';
    });
    const { text } = await task.requestInput('Go on?');
    return `${before}, ${text}`;
  }),
  agent('asks-by-name', async (task) => {
    const { text } = await task.requestInput(changed ? 'May I?' : 'Shall I?', {
      name: 'go',
      timeoutMs: 10 * 365 * 86_400_000,
    });
    return `named ${text}`;
  }),
  agent('asks-for-a-key', async (task) => `key ${(await task.requestAuth('Your key?')).text}`),
  agent('sleeps', async (task) => {
    await task.sleep(20_000);
    return 'slept';
  }),
  agent('calls', async (task) => {
    const children = await task.callAll([
      { agent: 'test/hangs', input: 'child' },
      { agent: 'function/echo', input: 'echo' },
    ]);
    return children.map(({ text }) => text).join(' and ');
  }),
  agent('calls-one-that-asks', async (task) => (await task.call('test/asks', task.text)).text),
  agent('listens', async (task) => `heard ${(await task.inbox.wait()).text}`),
  agent('hangs', async (task) => {
    await task.step('before', () => note(task, 'before'));
    await task.artifact({ name: 'early', parts: 'early' });
    await task.step('hang', hang);
    return 'hung';
  }),
  agent('streams', async (task) => {
    const stream = task.stream({ name: 'long' });
    await stream.write('one ');
    await stream.write('two ');
    await task.step('hang', hang);
    await stream.write('three');
    await stream.end();
    return 'streamed';
  }),
  agent('branches', async (task) => {
    const branch = (name) =>
      task.branch(name, async () => {
        await task.step('draft', () => note(task, `draft ${name}`));
        await task.artifact({ name, parts: name });
        return (await task.requestInput(`Is ${name} good?`)).text;
      });
    return (await Promise.all(['email', 'page'].map(branch))).join(' and ');
  }),
  agent('is-held', async (task) => {
    await task.step(changed ? 'other' : 'one', () => note(task, 'one'));
    const { text } = await task.requestInput('Then?');
    return `held ${text}`;
  }),
  agent('fails', async (task) => {
    await task.step('before', () => note(task, 'before'));
    await task.step(
      'luck',
      () => {
        if (process.env.GOLDEN_HANGS !== undefined) throw new Error('No luck.');
      },
      { maxAttempts: 1 },
    );
    return 'lucky';
  }),
  agent(
    'limited',
    async (task) => {
      await task.step('hang', hang);
      return 'in turn';
    },
    { limits: { total: 1 } },
  ),
];

await startServer({ agents: [EchoAgent, ...agents] });
