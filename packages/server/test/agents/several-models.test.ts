/** Agents whose model thinks, is cut off, or is away and has another one in its place: over the providers' own protocols. */
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { call } from '../support/http-calls.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { startStrictProvider, type StrictProvider } from '../support/strict-providers/strict-provider.js';

const REASONING = 'urn:continuo:a2a:reasoning:v1';

@A2AAgent({ type: 'test', name: 'clerk', description: 'Looks things up.' })
class Clerk extends ContextAgentBaseService {
  protected readonly context = 'You look things up.';
  protected override readonly providerOptions = { 'openai-compatible': { user: 'clerk' } };
  protected override readonly tools = {
    look_up: tool({ description: 'Finds an order.', input: z.object({ order: z.number() }), run: () => 'It is paid.' }),
  };
}

let first: StrictProvider;
let second: StrictProvider;
let server: ModelServer;

beforeAll(async () => {
  first = await startStrictProvider('anthropic');
  second = await startStrictProvider('openAiChat');
  server = await startModelServer([Clerk], {
    CONTINUO_MODEL: `${first.env.CONTINUO_MODEL},${second.env.CONTINUO_MODEL}`,
    CONTINUO_MODEL_BASE_URL: JSON.stringify({
      anthropic: first.env.CONTINUO_MODEL_BASE_URL,
      'openai-compatible': second.env.CONTINUO_MODEL_BASE_URL,
    }),
    CONTINUO_MODEL_OPTIONS: JSON.stringify({
      anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } },
      'openai-compatible': { user: 'everybody', reasoningEffort: 'low' },
    }),
  });
});

function artifactOf({ artifacts = [] }: Task) {
  expect(artifacts).toHaveLength(1);
  const [artifact] = artifacts;
  return { text: artifact?.parts.map(({ text }) => text).join(''), metadata: artifact?.metadata };
}

it('what a model thinks is beside its answer, and goes back sealed to it in the same turn', async () => {
  const order = { name: 'look_up', input: { order: 1 } };
  first.next(
    { kind: 'calls', thoughts: ['Which ', 'order?'], words: ['I look.'], calls: [order] },
    { kind: 'answer', thoughts: ['Paid.'], words: ['It is ', 'paid.'] },
  );
  const task = await server.ask('test/clerk', 'Is order 1 paid?');
  const { text, metadata } = artifactOf(task);
  expect(text).toBe('I look.\n\nIt is paid.');
  expect(metadata).toMatchObject({ model: 'anthropic/claude-strict', finishReason: 'stop' });
  expect(metadata?.[REASONING]).toEqual({ text: 'Which order?\n\nPaid.' });
  const [asked, again] = first.requests.map(
    ({ body }) => body as { messages: { content: unknown }[]; thinking: unknown },
  );
  expect(asked?.thinking).toEqual({ type: 'enabled', budget_tokens: 2_000 });
  expect(again?.messages[1]?.content).toMatchObject([
    { type: 'thinking', thinking: 'Which order?', signature: 'sealed' },
    { type: 'text', text: 'I look.' },
    { type: 'tool_use' },
  ]);
  expect(first.refusals()).toEqual([]);

  // It is in the session, and no later turn shows it to a model.
  const { body } = await call('GET', `${server.url}/sessions/${task.contextId}/messages`);
  expect(JSON.stringify(body)).toContain('Which order?');
  await server.ask('test/clerk', 'Thank you.', task.contextId);
  expect(JSON.stringify(first.requests.at(-1)?.body)).not.toContain('Which order?');
});

it('an answer that was cut off says so, and is the answer all the same', async () => {
  first.next({ kind: 'answer', words: ['Once ', 'upon '], finishReason: 'length' });
  const long = await server.ask('test/clerk', 'Tell me all.');
  expect(long.status).toMatchObject({ state: 'TASK_STATE_COMPLETED' });
  expect(long.status.message?.parts).toEqual([{ text: "The answer was cut off at the model's limit." }]);
  expect(artifactOf(long)).toMatchObject({ text: 'Once upon ', metadata: { finishReason: 'length' } });
  await server.ask('test/clerk', 'Go on.', long.contextId);
  expect(JSON.stringify(first.requests.at(-1)?.body)).toContain('Once upon ');

  first.next({ kind: 'answer', words: ['Well, '], finishReason: 'content_filter' });
  const filtered = await server.ask('test/clerk', 'Tell me more.');
  expect(filtered.status.message?.parts[0]?.text).toContain('content filter');
  expect(artifactOf(filtered).text).toBe('Well, ');
});

it('the next model goes on where one breaks off, and gets what that had sealed in plain words only', async () => {
  first.next(
    { kind: 'calls', thoughts: ['Which?'], words: ['I look.'], calls: [{ name: 'look_up', input: { order: 2 } }] },
    { kind: 'cut', words: ['It is pa'] },
  );
  second.next({ kind: 'answer', words: ['Order 2 ', 'is paid.'] });
  const task = await server.ask('test/clerk', 'Is order 2 paid?');
  const { text, metadata } = artifactOf(task);
  expect(text).toBe('I look.\n\nOrder 2 is paid.');
  expect(metadata).toMatchObject({ model: 'openai-compatible/gpt-strict' });
  expect(second.refusals()).toEqual([]);
  const { body } = await call('GET', `${server.url}/tasks/${task.id}/steps`);
  expect((body as { steps: { name: string }[] }).steps.map(({ name }) => name)).toEqual([
    'answer',
    'tool look_up',
    'answer 2',
  ]);
  expect(JSON.stringify(second.requests.at(-1)?.body)).not.toContain('Which?');
  expect(second.requests.at(-1)?.body).toMatchObject({ user: 'clerk', reasoning_effort: 'low' });
});

it('a model that was away is not asked in the next turn', async () => {
  const before = first.requests.length;
  const { metadata } = artifactOf(await server.ask('test/clerk', 'Hello?'));
  expect(metadata).toMatchObject({ model: 'openai-compatible/gpt-strict' });
  expect(first.requests).toHaveLength(before);
});

it('a task fails when none of them answers, with the reason of each', async () => {
  const away = { kind: 'refusal', status: 503, message: 'Down.' } as const;
  first.next(away, away, away);
  second.next(away, away, away);
  const task = await server.ask('test/clerk', 'Hello?');
  expect(task.status.state).toBe('TASK_STATE_FAILED');
  const said = task.status.message?.parts[0]?.text;
  expect(said).toContain('anthropic/claude-strict');
  expect(said).toContain('openai-compatible/gpt-strict');
});
