/** Agents whose code depends on AGENTS_VERSION, as after a deploy; each step notes its execution in the file NOTES. */
import { appendFileSync } from 'node:fs';
import { agent } from './test-agent.mjs';

const version = process.env.AGENTS_VERSION ?? 'original';
const HOUR_MS = 3_600_000;

function note(line) {
  if (process.env.NOTES !== undefined) appendFileSync(process.env.NOTES, `${line}\n`);
}

/** A step that notes that it was carried out. */
function step(task, name) {
  return task.step(name, () => {
    note(`${task.id} ${name}`);
    return name;
  });
}

/** What the refund does before its question, by version. */
const before = {
  removed: ['check'],
  'added-before': ['welcome', 'check', 'reserve'],
  renamed: ['check', 'hold'],
  reordered: ['reserve', 'check'],
};

export const agents = [
  agent('refunds', async (task) => {
    if (version === 'throws') throw new Error('A plain bug.');
    if (version === 'ends-early') return 'Done.';
    await task.progress(0.1, 'Looking at it');
    const history = await task.history();
    for (const name of before[version] ?? ['check', 'reserve']) await step(task, name);
    const question = version === 'reworded' ? 'May I refund it?' : 'Refund it?';
    const { text } = await task.requestInput(question);
    if (version === 'added-behind') await step(task, 'thank');
    return `${history.length}: the answer was ${text}.`;
  }),
  agent('named', async (task) => {
    const words = version === 'reworded' ? 'May I refund it?' : 'Refund it?';
    const { text } = await task.requestInput(words, { name: 'refund' });
    return `The answer was ${text}.`;
  }),
  agent('sleeps', async (task) => {
    await step(task, version === 'renamed' ? 'begin again' : 'begin');
    if (version === 'ends-early') return 'Done.';
    await task.sleep(HOUR_MS);
    await step(task, 'end');
    return 'Slept.';
  }),
  agent('side-by-side', async (task) => {
    const flow = async (name) => {
      await step(task, `${name} 1`);
      await step(task, `${name} 2`);
    };
    const second = {
      'one-flow': () => undefined,
      renamed: () => flow('right'),
      branched: () => task.branch('right', () => flow('left')),
    }[version];
    await Promise.all([flow('first'), second === undefined ? flow('second') : second()]);
    return (await task.requestInput('Go on?')).text;
  }),
  agent('asks-child', async (task) => {
    const other = version === 'other-child' ? 'test/echoes' : 'test/named';
    return (await task.call(other, version === 'other-input' ? 'something else' : 'refund')).text;
  }),
  agent('has-asked-child', async (task) => {
    const { text, artifacts } = await task.call('test/echoes', version === 'other-input' ? 'oh' : 'hello');
    await step(task, `keep ${text} ${artifacts.length}`);
    const failed = await task.call('test/fails', 'fail', { onFailure: 'ignore' });
    await step(task, `keep ${failed.error}`);
    await task.call('test/fails', 'fail').catch((error) => step(task, `caught ${error.message}`));
    return (await task.requestInput('Go on?')).text;
  }),
  agent('patched', async (task) => {
    await step(task, 'begin');
    if (version === 'patched' && task.patched('new way')) await step(task, 'new');
    await step(task, 'old');
    return (await task.requestInput('Go on?')).text;
  }),
  agent('echoes', async (task) => {
    await task.artifact({ name: 'echo', parts: task.text });
    return task.text;
  }),
  agent('fails', async () => {
    throw new Error('As told.');
  }),
  /** Waits outside of its steps, for ever in the version `hangs`. */
  agent('waits-outside', async (task) => {
    if (version === 'hangs') await new Promise((resolve) => setTimeout(resolve, HOUR_MS));
    return (await task.requestInput('Go on?')).text;
  }),
  ...(version === 'gone' ? [] : [agent('leaves', async (task) => (await task.requestInput('Go on?')).text)]),
];
