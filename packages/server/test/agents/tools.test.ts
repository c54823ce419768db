/** A context agent with tools: the model asks for them, gets what came of them, and answers. */
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import type { Reply } from '../support/model-reply.js';
import { until } from '../support/until.js';

/** The runs of tools, in order. */
const ran: string[] = [];
const keys = new Set<string>();

@A2AAgent({ type: 'test', name: 'clerk', description: 'Looks up orders.' })
class Clerk extends ContextAgentBaseService {
  protected readonly context = 'You look up orders.';
  protected override readonly maxRounds = 3;
  protected override readonly tools = {
    look_up: tool({
      description: 'Finds an order.',
      input: z.object({ order: z.number().int() }),
      run: ({ order }, { idempotencyKey }) => {
        ran.push(`look_up ${order}`);
        keys.add(idempotencyKey);
        if (order === 404) throw new Error('No such order.');
        return { order, amount: 40 };
      },
    }),
    wait: tool({
      description: 'Never comes back.',
      input: z.object({}),
      run: () => {
        ran.push('wait');
        return new Promise(() => undefined);
      },
    }),
    ask_echo: tool({
      description: 'Asks another agent, and a person.',
      input: z.object({ text: z.string() }),
      inStep: false,
      run: async ({ text }, { task }) => {
        const echo = await task.call('function/echo', text, { sameSession: false });
        return `${echo.text}, ${(await task.requestInput('Sure?')).text}`;
      },
    }),
  };
}

@A2AAgent({ type: 'test', name: 'judge', description: 'Decides.' })
class Judge extends ContextAgentBaseService {
  protected readonly context = 'You decide.';
  protected override readonly output = z.object({ guilty: z.boolean() });
}

@A2AAgent({ type: 'test', name: 'cashier', description: 'Pays twice.' })
class Cashier extends ContextAgentBaseService {
  protected readonly context = 'You pay.';
  protected override readonly tools = {
    pay: tool({
      description: 'Pays.',
      input: z.object({}),
      inStep: false,
      run: (_input, { idempotencyKey }) => {
        keys.add(idempotencyKey);
        return 'paid';
      },
    }),
  };

  override async execute(task: TaskContext): Promise<string> {
    for (const what of ['rent', 'water']) await this.generate(task, `Pay the ${what}.`, { tools: true });
    return (await task.requestInput('Was it enough?')).text;
  }
}

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([Clerk, Judge, Cashier, EchoAgent]);
});

function calls(...wanted: readonly (readonly [name: string, input: unknown])[]): Reply {
  return { kind: 'calls', calls: wanted.map(([name, input]) => ({ name, input })) };
}

/** What the model was told of its calls, in order. */
function results(): readonly unknown[] {
  return server
    .lastPrompt()
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content);
}

it('runs what the model asks for, round after round, and streams one answer', async () => {
  ran.length = 0;
  server.openAi.next(
    { ...calls(['look_up', { order: 1 }], ['look_up', { order: 2 }]), words: ['Let me ', 'see.'] } as Reply,
    calls(['look_up', { order: 3 }]),
    { kind: 'answer', words: ['All cost ', '40.'] },
  );
  const task = await server.ask('test/clerk', 'What do orders 1 to 3 cost?');
  expect(ran).toEqual(['look_up 1', 'look_up 2', 'look_up 3']);
  expect(keys.size).toBe(3);
  expect(results()).toEqual([1, 2, 3].map((order) => JSON.stringify({ order, amount: 40 })));
  expect(server.openAi.requests.at(-1)?.tools?.[0]?.function).toMatchObject({
    name: 'look_up',
    parameters: { properties: { order: { type: 'integer' } } },
  });
  expect(answerOf(task)).toBe('Let me see.\n\nAll cost 40.');
  expect(task.artifacts).toHaveLength(1);
  expect((task.artifacts?.[0]?.parts ?? []).map((part) => part.text).join('')).toBe('Let me see.\n\nAll cost 40.');
  expect(task.artifacts?.[0]?.metadata).toMatchObject({
    finishReason: 'stop',
    usage: { inputTokens: 30, outputTokens: 4, totalTokens: 34 },
  });
});

it('tells the model what went wrong with a call, and goes on', async () => {
  server.openAi.next(
    calls(['look_up', { order: 404 }], ['look_up', { order: 'one' }], ['look_up', '{"order":'], ['fly', {}]),
    { kind: 'answer', words: ['Sorry.'] },
  );
  const task = await server.ask('test/clerk', 'Order 404?');
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(results()).toEqual([
    'No such order.',
    expect.stringContaining("The input doesn't fit: ✖ Invalid input: expected number"),
    expect.stringContaining("The input doesn't fit"),
    'There is no tool "fly". There are: look_up, wait, ask_echo.',
  ]);
});

it('remembers in later turns what was looked up, also for a model that numbers its calls anew', async () => {
  server.openAi.next(calls(['look_up', { order: 7 }]), calls(['look_up', { order: 8 }]), {
    kind: 'answer',
    words: ['Done.'],
  });
  const { contextId } = await server.ask('test/clerk', 'Orders 7 and 8?');
  await server.ask('test/clerk', 'And?', contextId);
  const prompt = server.lastPrompt();
  expect(prompt.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
    'user',
  ]);
  expect(results()).toEqual([7, 8].map((order) => JSON.stringify({ order, amount: 40 })));
  const ids = prompt.flatMap((message) => message.tool_calls ?? []).map(({ id }) => id);
  expect(prompt.flatMap((message) => message.tool_call_id ?? [])).toEqual(ids);
  expect(new Set(ids).size).toBe(2);

  // Another agent doesn't have these tools.
  server.openAi.next({ kind: 'answer', words: ['{"guilty":true}'] });
  await server.ask('test/judge', 'Now you.', contextId);
  expect(server.lastPrompt().map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
});

it('repairs a call whose task was cancelled before it had a result', async () => {
  ran.length = 0;
  server.openAi.next(calls(['look_up', { order: 1 }], ['wait', {}]));
  const begun = await fetch(`${server.url}/agents/test/clerk/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Wait.' }),
  });
  const { id, contextId } = (await begun.json()) as { id: string; contextId: string };
  await until(() => ran.includes('wait'), { what: 'the tool to run' });
  await fetch(`${server.url}/tasks/${id}:cancel`, { method: 'POST' });

  server.openAi.next({ kind: 'answer', words: ['Still here.'] });
  expect(answerOf(await server.ask('test/clerk', 'Hello?', contextId))).toBe('Still here.');
  expect(server.lastPrompt().map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'user']);
  expect(results()).toEqual([
    JSON.stringify({ order: 1, amount: 40 }),
    'The task ended before this call had a result. Whether it took effect is not known.',
  ]);
});

it('lets a tool outside of steps call agents and ask people', async () => {
  server.openAi.next(calls(['ask_echo', { text: 'Hi' }]), { kind: 'answer', words: ['Good.'] });
  const asked = server.openAi.requests.length;
  const task = await server.ask('test/clerk', 'Ask around.');
  expect(task.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  const done = await server.ask('test/clerk', { taskId: task.id, parts: [{ text: 'yes' }] });
  expect(answerOf(done)).toBe('Good.');
  expect(results()).toEqual(['Hi, yes']);
  expect(server.openAi.requests).toHaveLength(asked + 2);
});

it('gives each call of such a tool a key of its own, and the same in every run', async () => {
  keys.clear();
  const paid: Reply = { kind: 'answer', words: ['Paid.'] };
  server.openAi.next(calls(['pay', {}]), paid, calls(['pay', {}]), paid);
  const { id: taskId } = await server.ask('test/cashier', 'Pay.');
  expect(keys.size).toBe(2);
  expect(answerOf(await server.ask('test/cashier', { taskId, parts: [{ text: 'yes' }] }))).toBe('yes');
  expect(keys.size).toBe(2);
});

it('answers with data that fits the form of its answer', async () => {
  server.openAi.next({ kind: 'answer', words: ['Well.'] }, { kind: 'answer', words: ['{"guilty":', 'false}'] });
  const task = await server.ask('test/judge', 'Decide.');
  const usage = { inputTokens: 20, outputTokens: 3, totalTokens: 23 };
  expect(task.artifacts).toMatchObject([{ name: 'answer', parts: [{ data: { guilty: false } }], metadata: { usage } }]);
});
