/** The assistant inside the real server: it remembers its session, streams, and copes with a model in trouble. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { DefaultOrchestrator } from '../../src/agents/builtin/default-orchestrator.js';
import { textOf } from '../../src/sessions/message.js';
import { startServer } from '../../src/server.js';
import type { Task } from '../../src/tasks/task.js';
import { createTestDatabase } from '../support/database.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { afterThisFile } from '../support/outcome.js';

let url = '';
let openAi: OpenAiServer;

beforeAll(async () => {
  openAi = await startOpenAiServer();
  const database = await createTestDatabase();
  const server = await startServer({
    agents: [AssistantAgent, CountdownAgent, DefaultOrchestrator],
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_MODEL: 'openai-compatible/test-model',
      CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
      CONTINUO_MODEL_API_KEY: 'sk-secret',
    },
  });
  url = server.url;
  afterThisFile(() => server.stop());
});

async function ask(agent: string, message: unknown, sessionId?: string): Promise<Task> {
  const response = await fetch(`${url}/agents/${agent}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, wait: true, ...(sessionId === undefined ? {} : { sessionId }) }),
  });
  const body: unknown = await response.json();
  if (response.status !== 201) throw new Error(`the task was refused: ${JSON.stringify(body)}`);
  return body as Task;
}

function answerOf(task: Task): string {
  return textOf(task.status.message?.parts ?? []);
}

/** What the model was shown at its last call, without the system prompt. */
function lastPrompt(): readonly unknown[] {
  return (openAi.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system').map(({ content }) => content);
}

describe('context/assistant', () => {
  it('shows the model the session it is in, and no other', async () => {
    openAi.next({ kind: 'answer', words: ['Hello ', 'Ada.'] });
    const first = await ask('context/assistant', 'My name is Ada.');
    await ask('context/assistant', 'What is my name?', first.contextId);
    expect(lastPrompt()).toEqual(['My name is Ada.', 'Hello Ada.', 'What is my name?']);

    const other = await ask('context/assistant', 'What is my name?');
    expect(other.contextId).not.toBe(first.contextId);
    expect(lastPrompt()).toEqual(['What is my name?']);
  });

  it('publishes its answer as an artifact, with what it cost', async () => {
    openAi.next({ kind: 'answer', words: ['One ', 'two.'] });
    const task = await ask('context/assistant', 'Count.');
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(answerOf(task)).toBe('One two.');
    expect(task.status.message?.parts[0]?.metadata).toEqual({
      model: 'openai-compatible/test-model',
      finishReason: 'stop',
      usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12 },
    });
    expect(task.artifacts).toHaveLength(1);
    expect(task.artifacts?.[0]).toMatchObject({ name: 'answer', metadata: { model: 'openai-compatible/test-model' } });
    expect((task.artifacts?.[0]?.parts ?? []).map((part) => part.text).join('')).toBe('One two.');
  });

  it('asks again when the model is overloaded or breaks off, and shows the answer once', async () => {
    openAi.next(
      { kind: 'refusal', status: 429 },
      { kind: 'cut', words: ['Half an '] },
      { kind: 'answer', words: ['A whole ', 'answer.'] },
    );
    const task = await ask('context/assistant', 'Speak.');
    expect(answerOf(task)).toBe('A whole answer.');
    expect(task.artifacts).toHaveLength(1);
    expect((task.artifacts?.[0]?.parts ?? []).map((part) => part.text).join('')).toBe('A whole answer.');
  });

  it('fails at once when the key is refused, and says which variable to look at', async () => {
    const before = openAi.requests.length;
    openAi.next({ kind: 'refusal', status: 401 });
    const task = await ask('context/assistant', 'Speak.');
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    expect(answerOf(task)).toContain('CONTINUO_MODEL_API_KEY');
    expect(openAi.requests).toHaveLength(before + 1);
  });
});

describe('orchestrator/default', () => {
  it('hands a message to the agent whose card matches, and says which and why', async () => {
    const task = await ask('orchestrator/default', {
      role: 'ROLE_USER',
      messageId: 'countdown-1',
      parts: [{ data: { steps: 2, delayMs: 0 } }],
    });
    expect(answerOf(task)).toContain('Counted 2 steps.');
    expect(task.artifacts?.[0]?.metadata).toMatchObject({ agent: 'function/countdown', reason: expect.any(String) });
  });

  it('asks the assistant when nobody matches, in the same session, and shows the model each turn once', async () => {
    openAi.next({ kind: 'answer', words: ['Hello ', 'Bob.'] });
    const first = await ask('orchestrator/default', 'I am Bob.');
    expect(answerOf(first)).toBe('Hello Bob.');
    expect(first.artifacts?.[0]?.metadata).toMatchObject({ agent: 'context/assistant' });

    await ask('orchestrator/default', 'Who am I?', first.contextId);
    expect(lastPrompt()).toEqual(['I am Bob.', 'Hello Bob.', 'Who am I?']);
  });
});
