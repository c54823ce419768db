/** A stand-alone server whose agents' code depends on the version that it is started with, as after a deploy. */
import { startServer } from '../../dist/index.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { ContinuoError } from '../../dist/platform/errors.js';
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
