/** What a page of the console asks first: whether there is a language model, who is there for people, what tasks are about. */
import { beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { titleOf } from '../../src/sessions/message-title.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer as startProcess } from '../support/server-process.js';
import { afterThisTest } from '../support/outcome.js';

const PROGRESS = 'urn:continuo:a2a:progress:v1';

@A2AAgent({ type: 'shop', name: 'oven', description: 'Bakes.', internal: true })
class Oven extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.call('function/echo', [{ data: { steps: 3, product: { name: 'Pizza' }, sizes: ['L'] } }]);
    return 'Baked.';
  }
}

let url = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const agents = [EchoAgent, Oven];
  const server = await startServer({ agents, env: { PORT: '0', DATABASE_URL, CONTINUO_LOG_LEVEL: 'silent' } });
  url = server.url;
  afterThisTest(() => server.stop());
});

it('says that no language model is configured', async () => {
  expect((await call('GET', `${url}/caller`)).body).toMatchObject({ owner: 'local', languageModel: false });
});

it('says that one is configured, and nothing else of it', async () => {
  const env = { CONTINUO_MODEL: 'anthropic/claude-secret', CONTINUO_MODEL_API_KEY: 'sk-secret' };
  const { url: other } = await startProcess({ env });
  const { body } = await call('GET', `${other}/caller`);
  expect(body).toMatchObject({ languageModel: true });
  expect(JSON.stringify([body, (await call('GET', `${other}/sign-in-options`)).body])).not.toMatch(/secret|anthropic/);
});

it('says which agents are there for other agents only, and what each task was asked, also one that an agent asked', async () => {
  const { body: agents } = await call('GET', `${url}/agents`);
  expect(agents).toMatchObject({
    agents: [
      { name: 'echo', internal: false },
      { name: 'oven', internal: true },
    ],
  });
  const message = { parts: [{ text: 'A pizza, please.\nWith olives.' }] };
  const { body: task } = await call('POST', `${url}/agents/shop/oven/tasks`, { body: { message, wait: true } });
  expect(at(task, 'metadata', PROGRESS, 'title')).toBe('A pizza, please.');
  const id = textAt(task, 'id');
  expect(at((await call('GET', `${url}/tasks/${id}`)).body, 'metadata', PROGRESS, 'title')).toBe('A pizza, please.');
  const { body: children } = await call('GET', `${url}/tasks?parentTaskId=${id}`);
  expect(at(children, 'tasks', 0, 'metadata', PROGRESS, 'title')).toBe('steps: 3, product: Pizza, sizes');
});

it.each([
  ['the first line', [{ text: '\n  Two lines.\nThe second.' }], 'Two lines.'],
  ['text goes before data', [{ data: { a: 1 } }, { text: 'Read this' }], 'Read this'],
  ['the fields of data', [{ data: { steps: 40, delayMs: 1000 } }], 'steps: 40, delayMs: 1000'],
  ['a list', [{ data: [1, { title: 'Two' }, 'three'] }], '1, Two, three'],
  ['a value', [{ data: true }], 'true'],
  [
    'the names of files',
    [
      { raw: 'eA==', filename: 'a.png' },
      { url: 'https://a.example/', filename: 'b.pdf' },
    ],
    'a.png, b.pdf',
  ],
  ['nothing', [{ raw: 'eA==' }], ''],
  ['characters are whole', [{ text: '🙂'.repeat(200) }], `${'🙂'.repeat(119)}…`],
  ['control characters', [{ text: 'a\tb\u0007c' }], 'a b c'],
])('a title of %s', (_, parts, title) => {
  expect(titleOf(parts)).toBe(title);
});
