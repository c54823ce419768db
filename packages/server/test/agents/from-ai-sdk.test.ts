/** Agents of the AI SDK: their model's and tools' calls are durable, they remember, ask people, and are counted. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { A2AAgent, fromAISDK } from '@continuo/agent';
import { testTask } from '@continuo/agent/testing';
import { tool, ToolLoopAgent, type LanguageModel } from 'ai';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Reply } from '../support/model-reply.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from '../support/openai-server.js';

let openAi: OpenAiServer;
let server: ModelServer;
let Clerk: Parameters<typeof startModelServer>[0][number];
/** The orders that were looked up and refunded, in order. */
const done: string[] = [];

/** What the model of an order clerk says, by what it was told so far. */
function clerk({ messages }: ChatRequest): Reply {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
  const wish = String(messages.findLast(({ role }) => role === 'user')?.content);
  if (wish.includes('before')) {
    return { kind: 'answer', words: [`You wrote ${messages.filter(({ role }) => role === 'user').length} times.`] };
  }
  const order = /\d[\d\u202E]*/.exec(wish)?.[0] ?? '';
  if (results.length === 0)
    return { kind: 'calls', words: ['Let me see. '], calls: [{ name: 'look_up', input: { order } }] };
  if (wish.includes('Refund') && results.length === 1)
    return { kind: 'calls', calls: [{ name: 'refund', input: { order } }] };
  return { kind: 'answer', words: ['It is: ', results.at(-1) ?? '', '.'] };
}

beforeAll(async () => {
  openAi = await startOpenAiServer();
  openAi.otherwise(clerk);
  const provider = createOpenAICompatible({ name: 'local', baseURL: openAi.baseUrl, includeUsage: true });
  const input = z.object({ order: z.string() });
  const agent = new ToolLoopAgent({
    model: provider('clerk'),
    instructions: 'You look after orders.',
    tools: {
      look_up: tool({
        description: 'Looks an order up.',
        inputSchema: input,
        execute: ({ order }) => {
          done.push(`look up ${order}`);
          return `order ${order} is on its way`;
        },
      }),
      refund: tool({
        description: 'Refunds an order.',
        inputSchema: input,
        needsApproval: true,
        execute: ({ order }) => {
          done.push(`refund ${order}`);
          return `order ${order} was refunded`;
        },
      }),
    },
  });

  @A2AAgent({ type: 'test', name: 'clerk', description: 'Looks after orders.' })
  class ClerkAgent extends fromAISDK(agent) {}
  Clerk = ClerkAgent;
  server = await startModelServer([ClerkAgent]);
});

it('streams its answer, with the words before a tool was used, and keeps calls as steps', async () => {
  const task = await testTask(Clerk, { text: 'Where is order 7?' });
  expect(task.outcome).toMatchObject({ state: 'COMPLETED', text: 'Let me see. It is: order 7 is on its way.' });
  expect(task.artifacts.map(({ name }) => name)).toEqual(['answer']);
  expect(task.steps.map(({ name, worked }) => ({ name, worked }))).toEqual([
    { name: 'model', worked: 2 },
    { name: 'tool look_up', worked: 1 },
    { name: 'model', worked: 2 },
  ]);
});

it('comes to the same end after a crash behind any step, and repeats none that had finished', async () => {
  const task = await testTask(Clerk, { text: 'Where is order 8?' });
  for (const step of ['model', 'tool look_up']) {
    done.length = 0;
    const asked = openAi.requests.length;
    const crashed = await task.crashAfter(step);
    expect(crashed.outcome).toEqual(task.outcome);
    expect(crashed.runs).toBe(2);
    expect(done).toEqual(['look up 8']);
    expect(openAi.requests.length - asked).toBe(2);
  }
});

it('asks a person before a tool that needs approval, and tells the model of a refusal', async () => {
  for (const [answer, text] of [
    ['yes', 'Let me see. It is: order 9 was refunded.'],
    ['Not today.', expect.stringContaining('Not today.')],
    // Neither clearly a yes nor a no: nothing runs.
    ['Yes, but only half of it.', expect.stringContaining('only half of it')],
  ] as const) {
    done.length = 0;
    const asked = await server.ask('test/clerk', 'Refund 9');
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const question = 'test/clerk wants to use the tool refund with {"order":"9"}. Is that all right?';
    expect(asked.status.message?.parts).toEqual([{ text: question }]);
    const task = await server.ask('test/clerk', { taskId: asked.id, parts: [{ text: answer }] });
    expect(task.artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
    expect(done).toEqual(answer === 'yes' ? ['look up 9', 'refund 9'] : ['look up 9']);
  }
});

it('shows what can’t be seen in the arguments that a person has to allow', async () => {
  const asked = await server.ask('test/clerk', 'Refund 9\u202E01');
  expect(asked.status.message?.parts).toEqual([
    { text: String.raw`test/clerk wants to use the tool refund with {"order":"9\u202e01"}. Is that all right?` },
  ]);
});

it('tells watchers of its tools: before they run, and of what a person has to allow when it has run', async () => {
  const chat = crypto.randomUUID();
  const shownIn = async (text: string): Promise<readonly unknown[]> => {
    const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] };
    const body = JSON.stringify({ id: chat, messages: [message] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/ai-sdk/test/clerk`, { method: 'POST', headers, body });
    const chunks = (await answer.text()).match(/(?<=^data: )\{.*$/gm)?.map((line) => JSON.parse(line) as unknown) ?? [];
    return chunks.filter((chunk) => JSON.stringify(chunk).includes('"tool-'));
  };
  expect(await shownIn('Refund 9')).toMatchObject([
    { type: 'tool-input-available', toolName: 'look_up', input: { order: '9' } },
    { type: 'tool-output-available', output: 'order 9 is on its way' },
  ]);
  expect(await shownIn('yes')).toMatchObject([
    { type: 'tool-input-available', toolName: 'refund', input: { order: '9' } },
    { type: 'tool-output-available', output: 'order 9 was refunded' },
  ]);
});

it('finds all that had finished in its place when it goes on with an answer, or after a crash behind that', async () => {
  const task = await testTask(Clerk, { text: 'Refund 9', answers: ['yes'] });
  expect(task.outcome).toMatchObject({ state: 'COMPLETED', text: 'Let me see. It is: order 9 was refunded.' });
  const crashed = await task.crashAfter('tool refund');
  expect(crashed.outcome).toEqual(task.outcome);
});

it('remembers its session, and its tokens count as every agent’s', async () => {
  const first = await server.ask('test/clerk', 'Where is order 7?');
  expect(first.metadata?.['urn:continuo:a2a:usage:v1']).toMatchObject({ calls: 2, totalTokens: expect.any(Number) });
  const second = await server.ask('test/clerk', 'What did I ask before?', first.contextId);
  expect(second.artifacts?.[0]?.parts).toEqual([{ text: 'You wrote 2 times.' }]);
});

it('fails with what its model said, and is not tried again where that can’t help', async () => {
  openAi.next({ kind: 'refusal', status: 401, message: 'The key is wrong.' });
  const task = await testTask(Clerk, { text: 'Where is order 7?' });
  expect(task.state).toBe('FAILED');
  expect(task.failure?.message).toContain('refused the key (HTTP 401)');
  openAi.next({ kind: 'cut', words: ['Half an '] });
  const cut = await testTask(Clerk, { text: 'Where is order 7?' });
  expect(cut.state).toBe('FAILED');
});

it('takes nothing else than an agent with a model', () => {
  expect(() => fromAISDK({ version: 'agent-v1' } as never)).toThrow('expected a ToolLoopAgent of the AI SDK 6');
  const named = new ToolLoopAgent({ model: 'openai/gpt-5' satisfies LanguageModel });
  expect(() => fromAISDK(named)).toThrow("expected a provider's model");
});
