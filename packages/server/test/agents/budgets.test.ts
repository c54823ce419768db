/** Budgets of tasks and of callers: what takes more of language models than it may ends before the next call of one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { call } from '../support/http-calls.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const TASKS = 'urn:continuo:a2a:tasks:v1';
/** Tokens of a caller; more than the tests before the last take. */
const DAY = 250;
const order = { kind: 'calls', calls: [{ name: 'look_up', input: { order: 1 } }] } as const;

class Looking extends ContextAgentBaseService {
  protected readonly context = 'You look things up.';
  protected override readonly tools = {
    look_up: tool({ description: 'Finds an order.', input: z.object({ order: z.number() }), run: () => 'It is paid.' }),
  };
}

@A2AAgent({ type: 'test', name: 'clerk', description: 'Looks things up.' })
class Clerk extends Looking {}

/** Every call of the model takes ten tokens and more. */
@A2AAgent({ type: 'test', name: 'thrifty', description: 'Looks two things up.', maxTokens: 20, maxCost: 100 })
class Thrifty extends Looking {}

@A2AAgent({ type: 'test', name: 'boss', description: 'Has others work, one after the other.' })
class Boss extends A2AAgentBaseService {
  async execute(task: TaskContext) {
    const within = (task.data ?? {}) as { maxTokens?: number };
    for (const number of [1, 2, 3]) {
      const { error } = await task.call('test/clerk', `Order ${number}?`, { ...within, onFailure: 'ignore' });
      if (error !== undefined) return `${number - 1} of 3: ${error}`;
    }
    return '3 of 3';
  }
}

let server: ModelServer;
let prices: string;

beforeAll(async () => {
  prices = join(await makeTemporaryDirectory('prices'), 'prices.json');
  // A dollar for a token.
  await writeFile(prices, JSON.stringify({ models: { 'openai-compatible/*': { input: 1e6, output: 1e6 } } }));
  server = await startModelServer([Clerk, Thrifty, Boss], {
    CONTINUO_PRICES: prices,
    CONTINUO_LIMIT_TOKENS_PER_DAY: String(DAY),
  });
});

async function begin(agent: string, body: Readonly<Record<string, unknown>>, url = server.url): Promise<Task> {
  const answer = await call('POST', `${url}/agents/${agent}/tasks`, {
    body: { message: 'Look.', wait: true, ...body },
  });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body as Task;
}

function saidAtTheEnd({ status, artifacts }: Task): string {
  return status.message?.parts[0]?.text ?? artifacts?.[0]?.parts[0]?.text ?? '';
}

it.each([
  ['of its agent', 'test/thrifty', {}, '20 tokens (maxTokens)', 2],
  ['of the call', 'test/clerk', { maxTokens: 5 }, '5 tokens (maxTokens)', 1],
  ['of the call, less than that of its agent', 'test/thrifty', { maxTokens: 5 }, '5 tokens (maxTokens)', 1],
  ['of its agent, less than that of the call', 'test/thrifty', { maxTokens: 5_000 }, '20 tokens (maxTokens)', 2],
  ['in its metadata', 'test/clerk', { metadata: { [TASKS]: { maxTokens: 15 } } }, '15 tokens (maxTokens)', 2],
  ['in dollars', 'test/clerk', { maxCost: 12.5 }, '12.5 US dollars (maxCost) and has taken 20', 2],
])(
  'a task ends before the call of a model that its budget has no room for: one %s',
  async (_, agent, body, says, calls) => {
    const before = server.openAi.requests.length;
    server.openAi.otherwise(() => order);
    const task = await begin(agent, body);
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    expect(saidAtTheEnd(task)).toContain(says);
    expect(server.openAi.requests).toHaveLength(before + calls);
    server.openAi.otherwise(() => ({ kind: 'answer', words: ['Paid.'] }));
  },
);

it('a task says its budget, and completes within it', async () => {
  const task = await begin('test/thrifty', { maxTokens: 15 });
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  expect(task.metadata?.[TASKS]).toEqual({ maxTokens: 15, maxCost: 100 });
});

it('what a task calls counts into its budget, on and on', async () => {
  const task = await begin('test/boss', { maxTokens: 15 });
  // Two have taken eleven each.
  expect(saidAtTheEnd(task)).toContain('2 of 3');
  expect(saidAtTheEnd(task)).toContain(`Task ${task.id}, for which this one works, may take 15 tokens`);
});

it('a child may be given a budget of its own', async () => {
  server.openAi.otherwise(() => order);
  const task = await begin('test/boss', { message: { parts: [{ data: { maxTokens: 12 } }] } });
  expect(saidAtTheEnd(task)).toContain('0 of 3');
  expect(saidAtTheEnd(task)).toContain('The task may take 12 tokens (maxTokens) and has taken 20');
  server.openAi.otherwise(() => ({ kind: 'answer', words: ['Paid.'] }));
});

it.each([
  [{ maxTokens: 0 }, 'maxTokens'],
  [{ maxTokens: 1.5 }, 'maxTokens'],
  [{ maxCost: -1 }, 'maxCost'],
  [{ metadata: { [TASKS]: { maxCost: 'much' } } }, `metadata["${TASKS}"].maxCost`],
])('refuses the budget %o, and names the field', async (body, field) => {
  const answer = await call('POST', `${server.url}/agents/test/clerk/tasks`, { body: { message: 'Look.', ...body } });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(JSON.stringify(`${field}: expected`).slice(1, -1));
});

it('/statistics has tokens and cost, in all, by time and by agent', async () => {
  const { body } = await call('GET', `${server.url}/statistics`);
  const { total, buckets, agents } = body as {
    readonly total: { tokens: number; cost: number };
    readonly buckets: readonly { tokens: number }[];
    readonly agents: readonly { agent: string; tokens: number }[];
  };
  expect(total.tokens).toBeGreaterThan(0);
  expect(total.cost).toBe(total.tokens);
  expect(buckets.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(total.tokens);
  expect(agents.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(total.tokens);
  expect(agents.find(({ agent }) => agent === 'test/boss')?.tokens).toBe(0);
});

it('a caller has so many tokens a day, whatever was deleted of it', async () => {
  const today = new Date().toISOString().slice(0, 10);
  let last = await begin('test/clerk', {});
  for (let tasks = 0; tasks < DAY && last.status.state === 'TASK_STATE_COMPLETED'; tasks += 1) {
    await call('DELETE', `${server.url}/sessions/${last.contextId}`);
    last = await begin('test/clerk', {});
  }
  expect(last.status.state).toBe('TASK_STATE_FAILED');
  expect(saidAtTheEnd(last)).toContain(
    `A caller may take ${DAY} tokens (CONTINUO_LIMIT_TOKENS_PER_DAY) and has taken 2`,
  );
  // A run across midnight has taken of two days.
  const { total } = (await call('GET', `${server.url}/usage?from=${today}`)).body as { total: { totalTokens: number } };
  expect(total.totalTokens).toBeGreaterThanOrEqual(DAY);
  // By no more than one call.
  expect(total.totalTokens).toBeLessThanOrEqual(DAY + 11);
});
