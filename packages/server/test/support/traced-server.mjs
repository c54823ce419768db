/** A server with an agent that does all that a trace tells of; its step `sail` never ends where STORM is set. */
import { startServer } from '../../dist/index.js';
import { AssistantAgent } from '../../dist/agents/builtin/assistant-agent.js';
import { agent } from './test-agent.mjs';

const { STORM, ...env } = process.env;

const agents = [
  agent('odyssey', async (task) => {
    await task.step('pack', () => 'packed');
    await task.step('sail', () => (STORM === undefined ? 'arrived' : new Promise(() => undefined)));
    const place = await task.requestInput('Where to?');
    const told = await task.call('external/ithaca', `Tell them of ${place.text}.`);
    const song = await task.call('context/assistant', told.text);
    return song.text;
  }),
  agent('fails', async (task) => {
    await task.step('well', () => 'well');
    throw new Error('No luck.');
  }),
  agent('works', (task) => task.step('well', () => 'well')),
  AssistantAgent,
];

await startServer({ agents, env });
