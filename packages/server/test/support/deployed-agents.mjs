/** Agents whose code is another one with DEPLOY=edited, as after a deploy: `test/<agent>-<edit>`; each step notes its execution in the file NOTES. */
import { appendFileSync } from 'node:fs';
import { agent } from './test-agent.mjs';

const isEdited = process.env.DEPLOY === 'edited';
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

const bodies = {
  refunds: async (task, edit) => {
    if (edit === 'throws') throw new Error('A plain bug.');
    if (edit === 'ends-early') return 'Done.';
    await task.progress(0.1, 'Looking at it');
    const history = await task.history();
    for (const name of before[edit] ?? ['check', 'reserve']) await step(task, name);
    const question = edit === 'reworded' ? 'May I refund it?' : 'Refund it?';
    const { text } = await task.requestInput(question);
    if (edit === 'added-behind') await step(task, 'thank');
    return `${history.length}: the answer was ${text}.`;
  },
  named: async (task, edit) => {
    const words = edit === 'reworded' ? 'May I refund it?' : 'Refund it?';
    const { text } = await task.requestInput(words, { name: 'refund' });
    return `The answer was ${text}.`;
  },
  sleeps: async (task, edit) => {
    await step(task, edit === 'renamed' ? 'begin again' : 'begin');
    if (edit === 'ends-early') return 'Done.';
    await task.sleep(HOUR_MS);
    await step(task, 'end');
    return 'Slept.';
  },
  'waits-for-message': async (task, edit) => {
    await step(task, edit === 'renamed' ? 'begin again' : 'begin');
    return (await task.inbox.wait()).text;
  },
  'side-by-side': async (task, edit) => {
    const flow = async (name) => {
      await step(task, `${name} 1`);
      await step(task, `${name} 2`);
    };
    const second = {
      'one-flow': () => undefined,
      renamed: () => flow('right'),
      branched: () => task.branch('right', () => flow('left')),
    }[edit];
    await Promise.all([flow('first'), second === undefined ? flow('second') : second()]);
    return (await task.requestInput('Go on?')).text;
  },
  'asks-child': async (task, edit) => {
    const child = edit === 'other-child' ? 'test/echoes-same' : 'test/named-same';
    return (await task.call(child, edit === 'other-input' ? 'something else' : 'refund')).text;
  },
  'has-asked-child': async (task, edit) => {
    const { text, artifacts } = await task.call('test/echoes-same', edit === 'other-input' ? 'oh' : 'hello');
    await step(task, `keep ${text} ${artifacts.length}`);
    const failed = await task.call('test/fails-same', 'fail', { onFailure: 'ignore' });
    await step(task, `keep ${failed.error}`);
    await task.call('test/fails-same', 'fail').catch((error) => step(task, `caught ${error.message}`));
    return (await task.requestInput('Go on?')).text;
  },
  changes: async (task, edit) => {
    await step(task, 'begin');
    if (edit === 'patched' && task.patched('new way')) await step(task, 'new');
    await step(task, 'old');
    return (await task.requestInput('Go on?')).text;
  },
  echoes: async (task) => {
    await task.artifact({ name: 'echo', parts: task.text });
    return task.text;
  },
  fails: async () => {
    throw new Error('As told.');
  },
  outside: async (task, edit) => {
    if (edit === 'hangs') await new Promise((resolve) => setTimeout(resolve, HOUR_MS));
    return (await task.requestInput('Go on?')).text;
  },
  leaves: async (task) => (await task.requestInput('Go on?')).text,
  kept: async (task, edit) => {
    await step(task, edit === 'renamed' ? 'begin again' : 'begin');
    return (await task.requestInput('Go on?')).text;
  },
};

const edits = {
  refunds: [
    'same',
    'removed',
    'reordered',
    'added-behind',
    'added-before',
    'renamed',
    'reworded',
    'ends-early',
    'throws',
  ],
  named: ['same', 'reworded'],
  sleeps: ['same', 'ends-early', 'renamed'],
  'waits-for-message': ['same', 'renamed'],
  'side-by-side': ['same', 'one-flow', 'renamed', 'branched'],
  'asks-child': ['same', 'other-input', 'other-child'],
  'has-asked-child': ['same', 'other-input'],
  changes: ['patched'],
  echoes: ['same'],
  fails: ['same'],
  outside: ['hangs'],
  leaves: ['gone'],
  kept: ['renamed'],
};

/** The code of before, kept beside the edited. */
const kept = agent('kept-renamed', (task) => bodies.kept(task, 'same'), { version: '0.9.0', deploys: 'pinned' });

export const agents = Object.entries(edits)
  .flatMap(([name, all]) => all.map((edit) => [name, edit]))
  .filter(([, edit]) => !isEdited || edit !== 'gone')
  .map(([name, edit]) => agent(`${name}-${edit}`, (task) => bodies[name](task, isEdited ? edit : 'same')))
  .concat(isEdited ? [kept] : []);
