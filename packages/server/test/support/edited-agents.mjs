/** Agents for each pair of an edit of their code and a state of their tasks; docs/changed-code.md says what becomes of each pair. */
import { appendFile, access } from 'node:fs/promises';
import { TerminalError } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

export const edits = [
  'none',
  'add a step before',
  'add a step behind',
  'add a step under `patched`',
  'remove a step',
  'remove the last step',
  'rename a step',
  'reorder steps',
  'let a step give something else',
  'put a step into a branch',
  'take a step out of its branch',
  'call another agent',
  'call with other input',
  'ask another question',
  'drop a question',
  'reword a question with a name',
  'reword what is said',
  'say more',
  'say less',
  'throw',
  'return at the start',
  'return before the place',
  'change the place',
  'change inside the place',
  'remove the place',
];

export const states = ['running', 'waiting', 'sleeping', 'calling', 'cancelled', 'failed'];

const A_DAY = 86_400_000;

export const nameOf = (edit, state) => `${edit.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '')}-${state}`;

/** Until the test opens the gate. */
async function pass(gate, signal) {
  while (!(await isOpen(gate))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isOpen = (gate) =>
  access(gate).then(
    () => true,
    () => false,
  );

/** `version`: `old` is the code before the edit, `new` the code with it. Steps note that they ran, and which code ran them. */
export function editedAgents(version) {
  const children = ['child', 'other-child', 'slow-child', 'other-slow-child'].map((name) =>
    agent(name, async (task) => {
      const { gate, file } = task.data;
      return task.step('work', async ({ signal }) => {
        await appendFile(file, `${name}\n`);
        if (name.includes('slow')) await pass(gate, signal);
        return name;
      });
    }),
  );
  const pairs = edits.flatMap((edit) => states.map((state) => agent(nameOf(edit, state), execute(edit, state))));
  return [...children, ...pairs];

  function execute(edit, state) {
    const is = (name) => version === 'new' && edit === name;
    return async (task) => {
      const { gate, file } = task.data;
      const seen = [];
      const step = async (name, work = async () => undefined) => {
        const value = await task.step(name, async ({ signal }) => {
          await appendFile(file, `${name} ${version}\n`);
          await work(signal);
          return name === 'check' && is('let a step give something else') ? { ran: name } : `${name} ${version}`;
        });
        seen.push(typeof value === 'string' ? value : JSON.stringify(value));
      };
      const child = async (name, input) => {
        const { text } = await task.call(`test/${name}`, [{ data: { gate, file, input } }]);
        seen.push(text);
      };
      const ask = async (question, options) => {
        seen.push((await task.requestInput(question, options)).text);
      };

      if (is('throw')) throw new Error('A plain bug.');
      if (is('return at the start')) return 'Left at once.';
      if (is('add a step before')) await step('greet');
      if (is('reorder steps')) await step('reserve');
      await step('check');
      const named = edit === 'reword a question with a name' ? { name: 'who' } : {};
      if (!is('say less')) await task.progress(0.3, is('reword what is said') ? 'Looked at' : 'Checked');
      if (is('say more')) await task.progress(0.4, 'Counting');
      if (!is('remove a step') && !is('reorder steps')) {
        if (is('put a step into a branch')) await task.branch('stock', () => step('reserve'));
        else await step(is('rename a step') ? 'hold' : 'reserve');
      }
      const text = is('reword what is said') ? 'It is held.' : 'It is reserved.';
      if (!is('say less')) await task.artifact({ name: 'slip', parts: text });
      if (is('say more')) await task.artifact({ name: 'more', parts: 'There is more.' });
      if (is('take a step out of its branch')) await step('count');
      else await task.branch('depot', () => step('count'));
      await child(is('call another agent') ? 'other-child' : 'child', is('call with other input') ? 'b' : 'a');
      const rewords = is('ask another question') || is('reword a question with a name');
      if (!is('drop a question')) await ask(rewords ? 'What is the name?' : 'Who is it for?', named);
      if (is('add a step under `patched`') && task.patched('greets')) await step('greet');
      if (!is('remove the last step')) await step('confirm');
      if (is('return before the place')) return 'Left early.';
      if (!is('remove the place')) await place();
      if (is('add a step behind')) await step('greet');
      await step('book');
      await ask('Close it?');
      await step('close');
      return seen.join(', ');

      /** Where the task is when its code changes. */
      async function place() {
        const changes = is('change the place');
        const inside = is('change inside the place');
        switch (state) {
          case 'running':
            return step(changes ? 'toil' : 'work', (signal) => pass(gate, signal));
          case 'waiting':
          case 'cancelled': {
            const isNamed = edit === 'change inside the place' ? { name: 'book' } : {};
            return ask(changes || inside ? 'Shall I book it?' : 'Book it?', isNamed);
          }
          case 'sleeping':
            if (changes) return step('nap');
            return task.sleep(inside ? 2 * A_DAY : A_DAY);
          case 'calling':
            return child(changes ? 'other-slow-child' : 'slow-child', inside ? 'b' : 'a');
          default:
            return step(changes ? 'charge' : 'pay', async () => {
              if (!(await isOpen(gate))) throw new TerminalError('There is no money yet.');
            });
        }
      }
    };
  }
}
