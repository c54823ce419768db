/** A stand-alone server with agents of Mastra, whose tools write down when they run; it runs the built product. */
import { appendFile } from 'node:fs/promises';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';
import { A2AAgent, fromMastra, startServer } from '../../packages/server/dist/index.js';

const { MODEL_URL, NOTES, CONTINUO_DATABASE_POOL } = process.env;
const provider = createOpenAICompatible({ name: 'local', baseURL: MODEL_URL, includeUsage: true });
const inputSchema = z.object({ order: z.string(), waitIn: z.string().optional() });

const noting = (name, result) => async (input, context) => {
  await appendFile(NOTES, `${name} ${input.order}\n`);
  if (input.waitIn === CONTINUO_DATABASE_POOL) await new Promise(() => undefined);
  return result(input, context);
};

const lookUp = createTool({
  id: 'look_up',
  description: 'Looks an order up.',
  inputSchema,
  execute: noting('look_up', ({ order }) => `order ${order} is on its way`),
});

const refund = createTool({
  id: 'refund',
  description: 'Refunds an order.',
  inputSchema,
  requireApproval: true,
  execute: noting('refund', ({ order }) => `order ${order} was refunded`),
});

const sign = createTool({
  id: 'sign',
  description: 'Has an order signed.',
  inputSchema,
  suspendSchema: z.object({ order: z.string() }),
  resumeSchema: z.object({ name: z.string() }),
  execute: noting('sign', ({ order }, { agent }) =>
    agent.resumeData === undefined ? agent.suspend({ order }) : `signed by ${agent.resumeData.name}`,
  ),
});

const about = { instructions: 'You look after orders.', model: provider('clerk') };
const clerk = new Agent({ id: 'clerk', name: 'Clerk', ...about, tools: { look_up: lookUp, refund, sign } });
const runner = new Agent({ id: 'runner', name: 'Runner', ...about, tools: { look_up: lookUp } });
const schema = z.object({ order: z.string(), late: z.boolean() });

class Clerk extends fromMastra(clerk) {}
A2AAgent({ type: 'test', name: 'clerk', description: 'Looks after orders.' })(Clerk);
class Runner extends fromMastra(runner) {}
A2AAgent({ type: 'test', name: 'runner', description: 'Looks orders up.' })(Runner);
class Reporter extends fromMastra(runner, { structuredOutput: { schema } }) {}
A2AAgent({ type: 'test', name: 'reporter', description: 'Answers with data.' })(Reporter);

await startServer({ agents: [Clerk, Runner, Reporter] });
