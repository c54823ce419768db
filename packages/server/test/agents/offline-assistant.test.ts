/** The assistant of a server without a language model: it says so, and remembers its session all the same. */
import { beforeAll, expect, it } from 'vitest';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { saidBy } from '../support/answers.js';

let url = '';

beforeAll(async () => {
  const database = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: database.url, CONTINUO_LOG_LEVEL: 'silent' };
  const server = await startServer({ agents: [AssistantAgent], env });
  url = server.url;
  afterThisTest(() => server.stop());
});

async function ask(
  message: string,
  sessionId?: string,
): Promise<{ readonly session: string; readonly answer: string }> {
  const response = await fetch(`${url}/agents/context/assistant/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, wait: true, ...(sessionId === undefined ? {} : { sessionId }) }),
  });
  const task = (await response.json()) as Task;
  return { session: task.contextId, answer: saidBy(task) };
}

it('knows what was said before in the same session, and nothing of it in another', async () => {
  const first = await ask('My name is Ada.');
  expect(first.answer).toContain('no LLM is configured');
  expect(first.answer).toContain('This is the first message of the session.');

  const second = await ask('Who am I?', first.session);
  expect(second.answer).toContain('You said earlier:\n1. My name is Ada.');
  expect(second.answer).toContain('You say now: Who am I?');

  const third = await ask('Who am I?');
  expect(third.session).not.toBe(first.session);
  expect(third.answer).toContain('This is the first message of the session.');
  expect(third.answer).not.toContain('Ada');
});
