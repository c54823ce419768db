/** A server with an agent for each behaviour that `checkConformance` knows; it runs the built product, as `main.js` does. */
import { startServer, TaskRejectedError, TerminalError } from '../../dist/index.js';
import { builtinAgents } from '../../dist/agents/builtin/builtin-agents.js';
import { agent } from './test-agent.mjs';

const extensions = [{ uri: 'urn:example:required', required: true }];

const agents = [
  agent('waits', (task) => new Promise((resolve) => task.signal.addEventListener('abort', resolve))),
  agent('asks', async (task) => `You chose ${(await task.requestInput('Which colour?')).text}.`),
  agent('authorizes', async (task) => `Thank you for ${(await task.requestAuth('Your key?')).text.length} letters.`),
  agent('chunks', async (task) => {
    const stream = task.stream({ name: 'numbers' });
    for (const word of ['one ', 'two ', 'three']) await stream.write(word);
    await stream.end();
  }),
  agent('fails', () => {
    throw new TerminalError('The stock is empty.');
  }),
  agent('rejects', () => {
    throw new TaskRejectedError('Not my job.');
  }),
  agent('replies', async () => 'Just this.', { replyWithMessage: true }),
  agent('tailors', async (task) =>
    task.acceptedOutputModes.includes('application/json') ? [{ data: { heard: task.text } }] : task.text,
  ),
  agent('silent', async (task) => task.text, { streaming: false, pushNotifications: false }),
  agent('requires', async (task) => task.text, { extensions }),
];

await startServer({ agents: [...builtinAgents, ...agents] });
