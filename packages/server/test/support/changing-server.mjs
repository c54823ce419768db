/** A stand-alone server whose agents' code depends on the version that it is started with, as after a deploy. */
import { startServer } from '../../dist/index.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { agent } from './test-agent.mjs';

const version = process.env.AGENTS_VERSION ?? 'original';

/** What runs before the question, by version. */
const before = {
  original: ['check', 'reserve'],
  removed: ['check'],
  'added-before': ['welcome', 'check', 'reserve'],
  renamed: ['check', 'hold'],
  reordered: ['reserve', 'check'],
  'added-behind': ['check', 'reserve'],
  reworded: ['check', 'reserve'],
  throws: [],
};

const loadsOf = (code) => (code === 'renamed' ? 'load order' : 'load');
const loads = loadsOf(version);

/** Hears what it is told while it works. */
function letters(number, code, deploys) {
  return agent(
    'letters',
    async (task) => {
      await task.progress(0.2, 'Loading');
      await task.step(loadsOf(code), () => 'loaded');
      const { text } = await task.requestInput('Send it?');
      await task.step('send', () => 'sent');
      if (text === 'sleep') await task.sleep(3_600_000);
      const heard = await task.inbox.take();
      return [number ?? 'sent', ...heard.map((message) => message.text)].join(', ');
    },
    { version: number ?? '1.0.0', deploys },
  );
}

/** Another version of it beside: `1.0.0 renamed`, pinned. */
const beside = process.env.AGENTS_BESIDE?.split(' ');

const agents = [
  agent('refunds', async (task) => {
    if (version === 'throws') throw new Error('A plain bug.');
    if (version === 'ends-early') return 'Done.';
    for (const name of before[version] ?? before.original) await task.step(name, () => name);
    const { text } = await task.requestInput(version === 'reworded' ? 'May I refund it?' : 'Refund it?');
    if (version === 'added-behind') await task.step('thank', () => 'thanks');
    return `The answer was ${text}.`;
  }),
  /** Its question has a name: that may be worded anew. */
  agent('named', async (task) => {
    const { text } = await task.requestInput(version === 'named' ? 'May I refund it?' : 'Refund it?', {
      name: 'refund',
    });
    return `The answer was ${text}.`;
  }),
  letters(process.env.AGENTS_NUMBER, version, process.env.AGENTS_DEPLOYS ?? 'latest'),
  ...(beside === undefined ? [] : [letters(...beside, 'pinned')]),
  /** Has two children that ask. */
  agent('family', async (task) => {
    await task.step(loads, () => 'loaded');
    const ask = { agent: 'test/named', input: [{ text: 'go' }] };
    const answers = await task.callAll([ask, ask]);
    return answers.map(({ text }) => text).join(' ');
  }),
  /** Says more before the question that was there. */
  agent('speaks', async (task) => {
    const says = version === 'original' ? 0 : 3;
    for (let n = 1; n <= says; n += 1) await task.progress(n / 10, `said ${n}`);
    const { text } = await task.requestInput('Go on?');
    return `The answer was ${text}.`;
  }),
  agent('dies-answered', async (task) => {
    await task.step('check', () => 'checked');
    await task.requestInput('Shall I?');
    process.kill(process.pid, 'SIGKILL');
  }),
  /** Comes upon another task that is gone, and says so as the server would. */
  agent('reads-others', async () => {
    throw new ContinuoError('TASK_NOT_FOUND', 'Task 1 is gone.');
  }),
];

await startServer({ agents: [EchoAgent, ...agents] });
