/** A stand-alone server with the console, the built-in agents, the swarm, and agents that try the console's patience. */
import { agents as swarm } from '@continuo/swarm';
import { z } from 'zod';
import { A2AAgent, ContextAgentBaseService, startServer, TerminalError, tool } from '../../../server/dist/index.js';
import { AssistantAgent } from '../../../server/dist/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../../server/dist/agents/builtin/countdown-agent.js';
import { DefaultOrchestrator } from '../../../server/dist/agents/builtin/default-orchestrator.js';
import { TitleWriter } from '../../../server/dist/agents/titles/title-writer.js';
import { EchoAgent } from '../../../server/dist/agents/builtin/echo-agent.js';
import { agent } from '../../../server/test/support/test-agent.mjs';

/** Every way in which a text could become more than a text. */
const hostile = [
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '<img src="https://elsewhere.example/pixel.png">',
  '![pixel](https://elsewhere.example/markdown.png)',
  '[click](javascript:window.harmed=1)',
  '[click](data:text/html,<script>window.harmed=1</script>)',
  '<iframe src="https://elsewhere.example/"></iframe>',
  '<svg onload="window.harmed = 1"></svg>',
  '<style>body { background: url(https://elsewhere.example/style.png) }</style>',
  '<a href="javascript:window.harmed=1">link</a>',
].join('\n\n');

/** What the step of test/changes is called: test/deploys changes it, as a deploy would. */
let loads = 'load';

const agents = [
  agent('deploys', async (task) => {
    loads = task.text;
  }),
  agent('changes', async (task) => {
    await task.step(loads, () => 'loaded');
    const { text } = await task.requestInput('Send it?');
    return `Sent: ${text}`;
  }),
  agent('flood', async (task) => {
    for (let n = 1; n <= task.data.events; n += 1) await task.progress(n / task.data.events, `Event ${n}`);
    return 'Done.';
  }),
  agent('large', async (task) => {
    await task.artifact({ name: 'large.txt', parts: [{ text: 'x'.repeat(1_000_000), mediaType: 'text/plain' }] });
    return 'Done.';
  }),
  agent('makes', async (task) => {
    const stream = task.stream({ artifactId: 'whole report', name: 'report.txt' });
    for (let n = 0; n < task.data.chunks; n += 1) await stream.write('x'.repeat(task.data.bytes));
    await stream.end();
    return 'Done.';
  }),
  agent(
    'hostile',
    async (task) => {
      await task.progress(0.5, hostile);
      await task.artifact({
        name: hostile.slice(0, 200),
        description: hostile,
        parts: [
          { text: hostile },
          { text: hostile, mediaType: 'text/html', filename: '../../<img src=x onerror=alert(1)>.html' },
          { data: { hostile } },
          { url: 'https://elsewhere.example/file.png', filename: hostile.slice(0, 100) },
          { raw: Buffer.from(hostile).toString('base64'), mediaType: 'image/svg+xml', filename: 'picture.svg' },
        ],
      });
      await task.requestInput(hostile);
      return hostile;
    },
    {
      description: hostile,
      skills: [{ id: 'h', name: hostile, description: hostile, tags: [hostile], examples: [hostile] }],
    },
  ),
  agent('asks', async (task) => {
    const schema = {
      type: 'object',
      properties: {
        colour: { enum: ['red', 'blue'] },
        amount: { type: 'integer', minimum: 1 },
        gift: { type: 'boolean' },
      },
      required: ['colour', 'amount'],
    };
    const { data } = await task.requestInput('Which one, and **how many**?', { schema });
    return `${data.amount} × ${data.colour}${data.gift ? ', as a gift' : ''}`;
  }),
  agent('travel', async (task) => {
    const { text } = await task.requestInput('Which **flight** shall it be?');
    return `Booked ${text}.`;
  }),
  agent('booker', async (task) => {
    const [{ text }] = await task.callAll([
      { agent: 'test/travel', input: [{ text: task.text }] },
      { agent: 'test/chatter', input: [{ text: 'go' }] },
    ]);
    return text;
  }),
  agent('chatter', async (task) => {
    await task.callAll(
      Array.from({ length: 5 }, (_, n) => ({ agent: 'function/echo', input: [{ text: `Aside ${n}` }] })),
    );
    return 'All asides are said.';
  }),
  agent('files', async (task) => {
    for (const { name, ...part } of task.data.files) await task.artifact({ name, parts: [part] });
    return 'There they are.';
  }),
  agent('drafts', async (task) => {
    for (const [index, draft] of ['The first draft', 'The second draft', 'The final text'].entries()) {
      await task.step(`write draft ${index + 1}`, async () => draft);
      await task.artifact({ artifactId: 'letter', name: 'letter.md', parts: [{ text: draft }] });
    }
    if (task.data?.fail === true) throw new Error('The printer is on fire');
    return 'Printed.';
  }),
  agent('parent', async (task) => {
    const input = [{ data: { steps: 1_000, delayMs: 1_000 } }];
    await task.callAll([
      { agent: 'function/countdown', input },
      { agent: 'function/countdown', input },
    ]);
  }),
  agent('relay', async (task) => {
    await task.call('function/countdown', [{ data: task.data }]);
    return 'Counted.';
  }),
  agent('goes-on', async (task) => {
    await task.progress(0.5, 'Waiting for the colour');
    await task.requestInput('Which colour?');
    await task.inbox.wait();
  }),
  agent('opens-page', async (task) => {
    const toolCalls = [{ id: 'call-1', name: 'open_page', arguments: { path: '/orders' } }];
    const results = z.strictObject({ toolResults: z.record(z.string(), z.unknown()) });
    await task.requestInput([{ text: 'It asks its client to run: open_page.' }, { data: { toolCalls } }], {
      schema: results,
      extensions: ['urn:continuo:a2a:client-tools:v1'],
    });
    return 'Opened.';
  }),
  agent('phases', async (task) => {
    await task.callAll([{ agent: 'function/echo', input: [{ text: 'The first phase' }] }]);
    throw new TerminalError('The second phase is impossible');
  }),
  agent('slow-writer', async (task) => {
    const stream = task.stream({ name: 'letter.md' });
    for (let n = 1; n <= task.data.words; n += 1) {
      await task.step(`word ${n}`, () => new Promise((resolve) => setTimeout(resolve, task.data.delayMs)));
      await stream.write(`word${n} `);
    }
    await stream.end();
    return 'Written.';
  }),
];

/** Asks the language model, and has a tool. */
class Clerk extends ContextAgentBaseService {
  context = 'You help with orders.';
  tools = {
    look_up_order: tool({
      description: 'Finds an order.',
      input: z.object({ id: z.string() }),
      run: async ({ id }) => ({ id, customer: 'Ada', total: '40 EUR' }),
    }),
  };
}
A2AAgent({
  type: 'test',
  name: 'clerk',
  description: 'Looks up orders and answers questions about them.',
  skills: [
    {
      id: 'orders',
      name: 'Orders',
      description: 'Looks up orders.',
      tags: ['orders'],
      examples: ['Where is order 4711?'],
    },
  ],
})(Clerk);

await startServer({
  agents: [Clerk, DefaultOrchestrator, EchoAgent, CountdownAgent, AssistantAgent, TitleWriter, ...swarm, ...agents],
});
