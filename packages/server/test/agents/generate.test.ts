/** Asking the model for something on the way: words, and values that fit a schema. */
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { AgentAnswer } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import { answerParts } from '../support/answers.js';

const plan = z.object({ title: z.string(), days: z.number().int().positive() });

@A2AAgent({ type: 'test', name: 'planner', description: 'Plans.' })
class Planner extends ContextAgentBaseService {
  protected readonly context = 'You plan.';

  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const options = { name: 'plan', system: 'Plan briefly.', schema: plan };
    const { object, usage, model } = await this.generate(task, task.text, options);
    return [{ data: { days: object.days * 2, usage, model, offline: this.offline } }];
  }
}

@A2AAgent({ type: 'test', name: 'summary', description: 'Sums up.' })
class Summary extends ContextAgentBaseService {
  protected readonly context = 'You sum up.';

  override async execute(task: TaskContext): Promise<AgentAnswer> {
    return (await this.generate(task, `Sum up: ${task.text}`, { history: task.data === true })).text;
  }
}

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer([Planner, Summary]);
});

it('asks with a prompt of its own, without the session, and publishes only what it returns', async () => {
  server.openAi.next({ kind: 'answer', words: ['Short', '.'] });
  const first = await server.ask('test/summary', 'a long text');
  expect(answerOf(first)).toBe('Short.');
  expect(first.artifacts).toHaveLength(1);
  expect(server.openAi.requests.at(-1)?.messages).toEqual([
    { role: 'system', content: 'You sum up.' },
    { role: 'user', content: 'Sum up: a long text' },
  ]);

  await server.ask('test/summary', { parts: [{ text: 'all' }, { data: true }] }, first.contextId);
  expect(server.lastPrompt().map(({ content }) => content)).toEqual(['a long text', 'Short.', 'Sum up: all']);
});

it('gives the value that fits the schema, which the model was told', async () => {
  server.openAi.next({ kind: 'answer', words: ['```json\n', '{"title":"Trip",', '"days":3}', '\n```'] });
  const task = await server.ask('test/planner', 'A trip');
  expect(answerParts(task)[0]?.data).toEqual({
    days: 6,
    usage: { inputTokens: 10, outputTokens: 4, totalTokens: 14 },
    model: 'openai-compatible/test-model',
    offline: false,
  });
  const { messages, response_format: format } = server.openAi.requests.at(-1) ?? { messages: [] };
  expect(messages[0]?.content).toContain('Plan briefly.');
  expect(messages[0]?.content).toContain('It must fit this JSON Schema:\n{');
  expect(messages[0]?.content).toContain('"days":{"type":"integer"');
  expect(format).toEqual({ type: 'json_object' });
});

it('asks once more for a value that does not fit, and says what is wrong with it', async () => {
  server.openAi.next(
    { kind: 'answer', words: ['{"title":"Trip","days":0}'] },
    { kind: 'answer', words: ['{"title":"Trip","days":1}'] },
  );
  const task = await server.ask('test/planner', 'A trip');
  expect(answerParts(task)[0]?.data).toMatchObject({ days: 2, usage: { inputTokens: 20, outputTokens: 2 } });
  expect(server.lastPrompt().map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(server.lastPrompt().at(-1)?.content).toContain('→ at days');
});

it('fails with the reason when the model does not keep to the schema', async () => {
  const asked = server.openAi.requests.length;
  server.openAi.next({ kind: 'answer', words: ['Three days.'] }, { kind: 'answer', words: ['{"title":"Trip"}'] });
  const task = await server.ask('test/planner', 'A trip');
  expect(task.status.state).toBe('TASK_STATE_FAILED');
  expect(answerOf(task)).toContain('did not answer in the form that was asked for');
  expect(answerOf(task)).toContain('days');
  expect(server.openAi.requests).toHaveLength(asked + 2);
});
