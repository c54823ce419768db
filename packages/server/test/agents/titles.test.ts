/** Titles that the language model writes: after the first answer, once, and never over one that somebody gave. */
import { beforeAll, expect, it } from 'vitest';
import { builtinAgents } from '../../src/agents/builtin/builtin-agents.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import type { Reply } from '../support/model-reply.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { afterThisFile, forThisFile } from '../support/outcome.js';
import { until } from '../support/until.js';

const WRITER = 'session/titles';
let openAi: OpenAiServer;
let server: RunningServer;

beforeAll(async () => {
  openAi = await startOpenAiServer();
  const model = {
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    CONTINUO_MODEL_API_KEY: 'key',
  };
  server = await started(model);
  afterThisFile(() => server.stop());
});

async function started(env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const { url } = await createTestDatabase();
  const given = { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent', ...env };
  return startServer({ agents: builtinAgents, env: given });
}

async function talk(url: string, message: string, sessionId?: string): Promise<string> {
  const body = { message, wait: true, ...(sessionId === undefined ? {} : { sessionId }) };
  return textAt((await call('POST', `${url}/agents/context/assistant/tasks`, { body })).body, 'contextId');
}

const ask = async (url: string, id: string): Promise<number> =>
  (await call('POST', `${url}/sessions/${id}:title`)).status;
const titleOf = async (url: string, id: string): Promise<unknown> =>
  at((await call('GET', `${url}/sessions/${id}`)).body, 'title');

/** The tasks of the agent in the session, once all have ended. */
async function written(id: string): Promise<readonly unknown[]> {
  return until(
    async () => {
      const { body } = await call('GET', `${server.url}/tasks?sessionId=${id}&agent=${WRITER}`);
      const tasks = at(body, 'tasks') as readonly unknown[];
      return tasks.every((task) => textAt(task, 'status', 'state') === 'TASK_STATE_COMPLETED') && tasks;
    },
    { what: 'the titles to be written' },
  );
}

it('a title takes the place of the first line, once; the conversation and the list of tasks are as before', async () => {
  openAi.titles({ kind: 'answer', words: ['"Bread ', 'without yeast."'] });
  const id = await talk(server.url, 'Hello, how do I bake bread\nif I have no yeast?');
  expect(await titleOf(server.url, id)).toBe('Hello, how do I bake bread');
  expect(await Promise.all([ask(server.url, id), ask(server.url, id)])).toEqual([204, 204]);
  await until(async () => (await titleOf(server.url, id)) === 'Bread without yeast', { what: 'the title' });
  expect(await written(id)).toHaveLength(1);

  // Who asks again, also for the same first line, gets no other one.
  await call('PATCH', `${server.url}/sessions/${id}`, { body: { title: 'Hello, how do I bake bread' } });
  openAi.titles({ kind: 'answer', words: ['Another one'] });
  await ask(server.url, id);
  expect(await written(id)).toHaveLength(1);
  expect(await titleOf(server.url, id)).toBe('Hello, how do I bake bread');

  const { body: session } = await call('GET', `${server.url}/sessions/${id}`);
  expect(at(session, 'messageCount')).toBe(2);
  const { body: listed } = await call('GET', `${server.url}/tasks?sessionId=${id}&topLevel=true`);
  expect((at(listed, 'tasks') as readonly unknown[]).map((task) => at(task, 'metadata', 'agent'))).toEqual([
    'context/assistant',
  ]);
  const { body: usage } = await call('GET', `${server.url}/usage?by=agent`);
  expect(JSON.stringify(usage)).toContain(WRITER);
});

it('a title that somebody gave stays, before the model is asked and while it writes', async () => {
  const given = textAt((await call('POST', `${server.url}/sessions`, { body: { title: 'Mine' } })).body, 'id');
  await talk(server.url, 'A question', given);
  await ask(server.url, given);
  expect(await written(given)).toHaveLength(0);

  let answer: (reply: Reply) => void = () => undefined;
  openAi.titles(new Promise<Reply>((resolve) => (answer = resolve)));
  const id = await talk(server.url, 'Another question');
  await ask(server.url, id);
  await call('PATCH', `${server.url}/sessions/${id}`, { body: { title: 'Renamed' } });
  answer({ kind: 'answer', words: ['Too late'] });
  expect(await written(id)).toHaveLength(1);
  expect(await titleOf(server.url, id)).toBe('Renamed');
});

it('a model that fails costs the title alone', async () => {
  openAi.titles({ kind: 'refusal', status: 400, message: 'No.' });
  const id = await talk(server.url, 'What is the weather?');
  await ask(server.url, id);
  const [task] = await written(id);
  expect(JSON.stringify(task)).toContain('No title: ');
  expect(await titleOf(server.url, id)).toBe('What is the weather?');
});

it('nobody else begins a task of the writer', async () => {
  const body = { message: 'Write a title', wait: true };
  const answer = await call('POST', `${server.url}/agents/${WRITER}/tasks`, { body });
  expect(textAt(answer.body, 'status', 'state')).toBe('TASK_STATE_REJECTED');
});

it('before the first answer, and without a model, the first line stays', async () => {
  const empty = textAt((await call('POST', `${server.url}/sessions`, { body: {} })).body, 'id');
  expect(await ask(server.url, empty)).toBe(204);
  expect(await written(empty)).toHaveLength(0);
  expect(await ask(server.url, 'nowhere')).toBe(404);
  // A process has one server.
  await server.stop();
  server = await forThisFile(() => started({}));
  const id = await talk(server.url, 'What is a task?');
  expect(await ask(server.url, id)).toBe(204);
  expect(await written(id)).toHaveLength(0);
  expect(await titleOf(server.url, id)).toBe('What is a task?');
});
