/** Tokens and cost: of a task, of all that it called, of a session, of a day; and what stays of them. */
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
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { call } from '../support/http-calls.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const USAGE = 'urn:continuo:a2a:usage:v1';

@A2AAgent({ type: 'test', name: 'clerk', description: 'Looks things up.' })
class Clerk extends ContextAgentBaseService {
  protected readonly context = 'You look things up.';
  protected override readonly tools = {
    look_up: tool({ description: 'Finds an order.', input: z.object({ order: z.number() }), run: () => 'It is paid.' }),
  };
}

@A2AAgent({ type: 'test', name: 'sparing', description: 'Looks one thing up.', maxTokens: 1 })
class Sparing extends Clerk {}

@A2AAgent({ type: 'test', name: 'boss', description: 'Has others work.' })
class Boss extends A2AAgentBaseService {
  async execute(task: TaskContext) {
    await task.callAll([1, 2].map((order) => ({ agent: 'test/clerk', input: `Order ${order}?` })));
  }
}

let server: ModelServer;

beforeAll(async () => {
  const prices = join(await makeTemporaryDirectory('prices'), 'prices.json');
  // A tenth of a cent for a token of the prompt, a cent for a word.
  await writeFile(prices, JSON.stringify({ models: { 'openai-compatible/test-*': { input: 1_000, output: 10_000 } } }));
  server = await startModelServer([Clerk, Sparing, Boss, EchoAgent], { CONTINUO_PRICES: prices });
});

async function get(path: string): Promise<Record<string, unknown>> {
  return (await call('GET', `${server.url}${path}`)).body as Record<string, unknown>;
}

async function usage(query: string) {
  return (await get(`/usage?${query}`)) as {
    readonly total: Record<string, number>;
    readonly groups: readonly Record<string, unknown>[];
  };
}

/** What tasks say of themselves. */
async function usageOf({ id }: Task): Promise<unknown> {
  return ((await get(`/tasks/${id}`))['metadata'] as Record<string, unknown>)[USAGE];
}

it('a task says what it took, in the answer to the call and later, with every call of the model', async () => {
  server.openAi.next(
    { kind: 'refusal', status: 429 },
    { kind: 'calls', calls: [{ name: 'look_up', input: { order: 1 } }], words: ['I look.'] },
    { kind: 'answer', words: ['It ', 'is ', 'paid.'] },
  );
  const task = await server.ask('test/clerk', 'Is order 1 paid?');
  const said = { calls: 2, inputTokens: 20, outputTokens: 4, totalTokens: 24, cost: 0.06 };
  expect(task.metadata?.[USAGE]).toEqual(said);
  expect(await usageOf(task)).toEqual(said);
  const { groups } = await usage(`by=task&rootTaskId=${task.id}`);
  expect(groups).toEqual([{ task: task.id, ...said }]);
  const [listed] = (await get('/tasks?agent=test/clerk'))['tasks'] as Task[];
  expect(listed?.metadata?.[USAGE]).toEqual(said);
});

/** One call of a tool, and what it took. */
const wholes = (counts: unknown): string => {
  const head = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'test-model' };
  const called = { index: 0, id: 'a', type: 'function', function: { name: 'look_up', arguments: '{"order":1}' } };
  const choices = [{ index: 0, delta: { tool_calls: [called] }, finish_reason: 'tool_calls' }];
  return `data: ${JSON.stringify({ ...head, choices, usage: counts })}\n\ndata: [DONE]\n\n`;
};

it.each([
  ['nothing', undefined],
  ['fractions and less than nothing', { prompt_tokens: -5, completion_tokens: 0.5, total_tokens: 1e300 }],
])('a budget holds where the model counts %s', async (_what, counts) => {
  const uncounted = { kind: 'raw', status: 200, contentType: 'text/event-stream', body: wholes(counts) } as const;
  server.openAi.next(uncounted);
  const { status, metadata } = await server.ask('test/sparing', 'Is order 1 paid?');
  expect(status.state).toBe('TASK_STATE_FAILED');
  expect(status.message?.parts[0]?.text).toContain('(maxTokens)');
  expect(metadata?.[USAGE]).toMatchObject({ calls: 1 });
});

it('a task that asked no model says nothing', async () => {
  const task = await server.ask('function/echo', 'Hello');
  expect(task.metadata).not.toHaveProperty([USAGE]);
  expect(await usageOf(task)).toBeUndefined();
});

it('a task that failed says what it took', async () => {
  server.openAi.next({ kind: 'answer', words: [], finishReason: 'content_filter' });
  const task = await server.ask('test/clerk', 'Say it.');
  expect(task.status.state).toBe('TASK_STATE_FAILED');
  expect(await usageOf(task)).toMatchObject({ calls: 1, inputTokens: 10 });
});

it('what a task called is counted with it, and by itself', async () => {
  const task = await server.ask('test/boss', 'Look at all orders.');
  expect(await usageOf(task)).toBeUndefined();
  const { total, groups } = await usage(`by=agent,task&rootTaskId=${task.id}`);
  expect(total).toMatchObject({ calls: 2, inputTokens: 20 });
  expect(groups.map(({ agent, calls }) => [agent, calls])).toEqual([
    ['test/clerk', 1],
    ['test/clerk', 1],
  ]);
});

it('is put together by day, session, agent and model, and stays when a session is deleted', async () => {
  const { contextId } = await server.ask('test/clerk', 'Hello');
  await server.ask('test/clerk', 'Hello again', contextId);
  const inSession = await usage(`by=session&sessionId=${contextId}`);
  expect(inSession.groups).toMatchObject([{ session: contextId, calls: 2, inputTokens: 20 }]);
  const before = await usage('by=day,model');
  const today = new Date().toISOString().slice(0, 10);
  expect(before.groups).toMatchObject([{ day: today, model: 'openai-compatible/test-model' }]);
  expect(before.groups[0]).toMatchObject(before.total);

  expect((await call('DELETE', `${server.url}/sessions/${contextId}`)).status).toBe(204);
  expect(await usage('by=day,model')).toEqual(before);
  expect((await usage(`by=session&sessionId=${contextId}`)).total['calls']).toBe(0);
  const bySession = await usage('by=session');
  expect(JSON.stringify(bySession)).not.toContain(contextId);
  expect(bySession.total).toEqual(before.total);
});

it.each([
  ['by=hour', 'by'],
  ['from=yesterday', 'from'],
  ['from=2026-01-02&to=2026-01-01', 'from'],
  ['rootTaskId=1', 'rootTaskId'],
  ['owner=ada', 'owner'],
])('refuses %s, and names the field', async (query, field) => {
  const { status, body } = await call('GET', `${server.url}/usage?${query}`);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(`${field}: expected`);
});
