/** What an orchestrator passes on from the agents that it asks: questions, progress, failures; and whom it never asks. */
import { Task } from '@a2a-js/sdk';
import { beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService, type AgentAnswer } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { OrchestratorAgentBaseService } from '@continuo/agent/internal/agents/orchestrator-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import type { Artifact } from '@continuo/agent/internal/tasks/task.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { DefaultOrchestrator } from '../../src/agents/builtin/default-orchestrator.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer } from '../../src/server.js';
import { connect, conversation, request, send, stateOf, textOf } from '../support/a2a-client.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';

const PROGRESS = 'urn:continuo:a2a:progress:v1';

@A2AAgent({ type: 'shop', name: 'pizza', description: 'Takes orders of pizza.' })
class Pizza extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const { text } = await task.requestInput('Which size?');
    return `One ${text} pizza.`;
  }
}

@A2AAgent({ type: 'shop', name: 'oven', description: 'Bakes every pizza.', internal: true })
class Oven extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    throw new Error('It is cold.');
  }
}

@A2AAgent({ type: 'shop', name: 'till', description: 'Takes money.' })
class Till extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    await task.artifact({ name: 'receipt', parts: [{ data: { paid: 12 } }] });
    return [{ data: { change: 8 } }];
  }
}

/** An orchestrator that doesn't look like one. */
@A2AAgent({ type: 'shop', name: 'router', description: 'Routes parcels and everything about routing parcels.' })
class Router extends OrchestratorAgentBaseService {}

let url = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const agents = [DefaultOrchestrator, Router, Pizza, Oven, Till, EchoAgent, CountdownAgent];
  const server = await startServer({ agents, env: { PORT: '0', DATABASE_URL, CONTINUO_LOG_LEVEL: 'silent' } });
  url = server.url;
  afterThisTest(() => server.stop());
});

it("asks the agent's question as its own, and the conversation has everything once", async () => {
  const client = await connect(url, 'orchestrator/default');
  const asking = await send(client, 'A pizza, please.');
  expect([stateOf(asking), textOf(asking.status?.message?.parts)]).toEqual(['INPUT_REQUIRED', 'Which size?']);
  const task = await send(client, 'large', { taskId: asking.id, contextId: asking.contextId });
  expect(conversation(task)).toEqual(['user: A pizza, please.', 'agent: Which size?', 'user: large']);
  expect(saidBy(Task.toJSON(task))).toBe('One large pizza.');
  const response = await fetch(`${url}/sessions/${task.contextId}/messages`);
  const { messages } = (await response.json()) as { messages: { message: { parts: { text: string }[] } }[] };
  expect(messages.map(({ message }) => message.parts[0]?.text)).toEqual([
    'A pizza, please.',
    'Which size?',
    'large',
    'One large pizza.',
  ]);
});

it("shows the agent's progress as its own, which never goes back", async () => {
  const client = await connect(url, 'orchestrator/default');
  const seen: { readonly fraction: number; readonly stage: string }[] = [];
  for await (const { payload } of client.sendMessageStream(request({ steps: 4, delayMs: 20 }))) {
    const progress: unknown = payload?.$case === 'statusUpdate' ? payload.value.metadata?.[PROGRESS] : undefined;
    if (progress !== undefined) seen.push(progress as (typeof seen)[number]);
  }
  const fractions = seen.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions).toContain(0.5);
  expect(seen.at(-1)?.stage).toContain('function/countdown');
});

it('says who failed, and what the others said', async () => {
  const task = await send(await connect(url, 'orchestrator/default'), 'shop/oven: bake.\nfunction/echo: hello');
  expect(stateOf(task)).toBe('COMPLETED');
  expect(textOf(task.status?.message?.parts)).toBe('shop/oven failed: It is cold.');
  expect(task.artifacts.map(({ parts }) => textOf(parts))).toEqual(['function/echo: hello']);
});

it('gives what an agent returned beside what it published, data beside data', async () => {
  const task = await send(await connect(url, 'orchestrator/default'), 'shop/till: 20 for a pizza');
  const { artifacts } = Task.toJSON(task) as { readonly artifacts: readonly Artifact[] };
  expect(artifacts.map(({ name, parts }) => [name, ...parts.map(({ data }) => data)])).toEqual([
    ['receipt', { paid: 12 }],
    ['answer', { change: 8 }],
  ]);
});

it('fails when nobody could do it', async () => {
  const task = await send(await connect(url, 'orchestrator/default'), 'shop/oven: bake.');
  expect(stateOf(task)).toBe('FAILED');
  expect(textOf(task.status?.message?.parts)).toBe('shop/oven failed: It is cold.');
});

it('chooses an internal agent only by its name', async () => {
  const asking = await send(await connect(url, 'orchestrator/default'), 'Bakes every pizza');
  expect(textOf(asking.status?.message?.parts)).toBe('Which size?');
});

it.each(['orchestrator/default', 'shop/router'])('%s never hands a message to an orchestrator', async (agent) => {
  const text = 'shop/router, orchestrator/default: who is routing parcels?';
  const asking = await send(await connect(url, agent), text);
  const question = textOf(asking.status?.message?.parts);
  expect(question).toContain("No agent's card matches the message.");
  expect(question).not.toContain('router');
  const children = await fetch(`${url}/tasks?parentTaskId=${asking.id}`);
  expect(await children.json()).toMatchObject({ tasks: [] });
});
