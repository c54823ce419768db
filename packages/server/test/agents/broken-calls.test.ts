/** Calls of models that break off are counted: by what the provider had said, and an estimate that is marked as one. */
import { beforeAll, expect, it } from 'vitest';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { askModel } from '@continuo/agent/internal/agents/models/ask-model.js';
import { inRun } from '@continuo/agent/internal/agents/run-scope.js';
import type { TokenUsage } from '@continuo/agent/internal/agents/spending.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { call } from '../support/http-calls.js';
import type { Reply } from '../support/model-reply.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { modelOf } from '../support/strict-providers/strict-model.js';
import { startStrictProvider, strictKinds, type StrictKind } from '../support/strict-providers/strict-provider.js';
import { until } from '../support/until.js';

const USAGE = 'urn:continuo:a2a:usage:v1';

@A2AAgent({ type: 'test', name: 'clerk', description: 'Answers.' })
class Clerk extends ContextAgentBaseService {
  protected readonly context = 'You answer.';
}

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([Clerk]);
});

async function usageOf(id: string): Promise<unknown> {
  const { metadata } = (await call('GET', `${server.url}/tasks/${id}`)).body as Task;
  return metadata?.[USAGE];
}

/** What a run is told that asks a model of this provider, whose answer is to break off. */
async function spentOn(kind: StrictKind, reply: Reply): Promise<readonly TokenUsage[]> {
  const provider = await startStrictProvider(kind);
  provider.next(reply);
  const all: TokenUsage[] = [];
  const spending = {
    check: () => Promise.resolve('2026-01-31T00:00:00.000Z'),
    spent: (_: string, usage: TokenUsage) => void all.push(usage),
  };
  const question = {
    model: modelOf(provider),
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Tell me all that there is to say of it.' }],
    signal: new AbortController().signal,
    timeoutMs: 60_000,
  };
  const asked = inRun({ taskId: 't', agent: 'a', spending, fail: () => false }, () =>
    askModel(question, systemClock, () => Promise.resolve()),
  );
  await expect(asked).rejects.toThrow(/language model/);
  return all;
}

it.each(strictKinds)('of %s: with what had come, and the prompt', async (kind) => {
  const [spent, ...others] = await spentOn(kind, { kind: 'cut', words: ['Once ', 'upon ', 'a ', 'time.'] });
  expect(others).toEqual([]);
  expect(spent).toMatchObject({ estimated: true });
  // 17 letters in English; the prompt is at least its words.
  expect(spent?.outputTokens).toBe(5);
  expect(spent?.inputTokens).toBeGreaterThanOrEqual(12);
  expect(spent?.totalTokens).toBe((spent?.inputTokens ?? 0) + 5);
});

it.each(strictKinds)('of %s: not where the request was refused', async (kind) => {
  expect(await spentOn(kind, { kind: 'refusal', status: 429 })).toEqual([]);
  expect(await spentOn(kind, { kind: 'refusal', status: 400 })).toEqual([]);
});

it('in a task that goes on with another call', async () => {
  server.openAi.next({ kind: 'cut', words: ['Once ', 'upon '] }, { kind: 'answer', words: ['Yes.'] });
  const task = await server.ask('test/clerk', 'Is it so?');
  expect(task.status.state).toBe('TASK_STATE_COMPLETED');
  const usage = { calls: 2, estimatedCalls: 1 };
  expect(task.metadata?.[USAGE]).toMatchObject(usage);
  expect(await usageOf(task.id)).toEqual(task.metadata?.[USAGE]);
  const { body } = await call('GET', `${server.url}/usage?by=task&rootTaskId=${task.id}`);
  expect(body).toMatchObject({ total: usage, groups: [{ task: task.id, ...usage }] });
});

it('in a task that is cancelled, and in the figures that stay of it', async () => {
  server.openAi.next({ kind: 'stall', words: ['Once ', 'upon ', 'a ', 'time '] });
  const { body } = await call('POST', `${server.url}/agents/test/clerk/tasks`, { body: { message: 'Tell me.' } });
  const { id, contextId } = body as Task;
  const hasBegun = async (): Promise<boolean> => {
    const { artifacts = [] } = (await call('GET', `${server.url}/tasks/${id}`)).body as Task;
    return artifacts.length > 0;
  };
  await until(hasBegun, { what: 'the model to have said something' });
  await call('POST', `${server.url}/tasks/${id}:cancel`);
  await until(async () => (await usageOf(id)) !== undefined, { what: 'the call to be counted' });
  expect(await usageOf(id)).toMatchObject({ calls: 1, outputTokens: 5, estimatedCalls: 1 });
  const total = async (): Promise<unknown> => (await call('GET', `${server.url}/usage`)).body;
  const before = await total();
  expect((await call('DELETE', `${server.url}/sessions/${contextId}`)).status).toBe(204);
  expect(await total()).toEqual(before);
});
