/** A stand-alone server with agents for clients of MCP: that remember, ask, take long, and declare what they take and give. */
import { z } from 'zod';
import { A2AAgent, FunctionAgentBaseService, startServer } from '../../dist/index.js';
import { CountdownAgent } from '../../dist/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../dist/agents/builtin/echo-agent.js';
import { agent, remembers } from './test-agent.mjs';

class AddAgent extends FunctionAgentBaseService {
  input = z.object({ a: z.number(), b: z.number() });
  output = z.object({ sum: z.number() });

  run({ a, b }) {
    return { sum: a + b };
  }
}
A2AAgent({ type: 'test', name: 'add', description: 'Adds two numbers.' })(AddAgent);

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const order = z.object({ size: z.enum(['small', 'large']), count: z.int().min(1) });

const agents = [
  remembers,
  agent('asks', async (task) => {
    const name = await task.requestInput('What is your name?');
    return `Hello ${name.text}.`;
  }),
  agent('orders', async (task) => {
    const { data } = await task.requestInput('What would you like?', { schema: order });
    return `${data.count} ${data.size}`;
  }),
  agent('fails', () => {
    throw new Error('The printer is on fire.');
  }),
  agent('draws', async (task) => {
    await task.artifact({ name: 'dot', parts: [{ raw: picture, mediaType: 'image/png', filename: 'dot.png' }] });
    await task.artifact({ name: 'notes', parts: 'How it was drawn.' });
    return 'A dot.';
  }),
];

await startServer({ agents: [EchoAgent, CountdownAgent, AddAgent, ...agents] });
