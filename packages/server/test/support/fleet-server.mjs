/** A stand-alone server with those of its agents that FLEET_AGENTS names, as instances of different versions have different ones. */
import { appendFile, readFile } from 'node:fs/promises';
import { startServer, TerminalError } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const note = (file, line) => appendFile(file, `${line}\n`);

/** Whether the test has written `<file>.mended`. */
const mended = (file) =>
  readFile(`${file}.mended`, 'utf8').then(
    () => true,
    () => false,
  );

const agents = {
  /** Its second step goes on until it is mended. */
  works: async (task) => {
    const { file } = task.data;
    await task.step('one', () => note(file, 'one'));
    await task.step('two', async ({ signal }) => {
      await note(file, 'two');
      while (!(await mended(file))) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    return 'Worked.';
  },
  fails: async (task) => {
    const { file } = task.data;
    await task.step('one', () => note(file, 'one'));
    if (!(await mended(file))) throw new TerminalError('It is broken.');
    return 'Mended.';
  },
  asks: async (task) => `You said ${(await task.requestInput('What?')).text}.`,
  /** Calls whoever its text names. */
  calls: async (task) => (await task.call(task.text, 'go')).text,
  /** When it really began, whatever the machine's clock says. */
  says: async () => String(performance.timeOrigin + performance.now()),
};

const names = (process.env.FLEET_AGENTS ?? Object.keys(agents).join(',')).split(',');
await startServer({ agents: names.map((name) => agent(name, agents[name])) });
