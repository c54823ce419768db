/** A stand-alone server whose agents do what metrics count: steps that fail first, questions, calls of a model. */
import { ContextAgentBaseService, A2AAgent, startServer, TerminalError } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const tried = new Set();

class Thinks extends ContextAgentBaseService {}
A2AAgent({ type: 'test', name: 'thinks', description: 'Asks a model.' })(Thinks);

await startServer({
  agents: [
    agent('works', async (task) => {
      await task.step('easy', () => 1);
      await task.step(
        'hard',
        () => {
          if (tried.has(task.id)) return 2;
          tried.add(task.id);
          throw new Error('not yet');
        },
        { retryDelayMs: 1 },
      );
      return 'Worked.';
    }),
    agent('fails', async () => {
      throw new TerminalError('It is broken.');
    }),
    agent('asks', async (task) => `You said ${(await task.requestInput('What?')).text}.`),
    agent('sleeps', async (task) => {
      await task.sleep(3_600_000);
      return 'Slept.';
    }),
    Thinks,
  ],
});
