/** Many remote agents of one server, all called at once: nobody is warned of a leak that is none. */
import { beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { startServer } from '../../src/server.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { OddHost, result } from '../support/odd-remote.js';
import { afterThisTest } from '../support/outcome.js';

const MANY = 25;
const host = await OddHost.start();
const names = Array.from({ length: MANY }, (_, index) => `remote-${index}`);
const warnings: string[] = [];
let url = '';

@A2AAgent({ type: 'test', name: 'asks-all', description: 'Asks all of them at once.' })
class AsksAll extends A2AAgentBaseService {
  async execute(task: TaskContext) {
    const answers = await task.callAll(names.map((name) => ({ agent: `external/${name}`, input: 'hello' })));
    return answers.map(({ text }) => text).join();
  }
}

beforeAll(async () => {
  process.on('warning', ({ name }) => warnings.push(name));
  const cards = names.map((name) => {
    const working = { id: name, contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };
    const done = {
      ...working,
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ artifactId: 'a', parts: [{ text: name }] }],
    };
    const { cardUrl } = host
      .remote(name)
      .on('send', result({ task: working }))
      .on('get', result(working), result(working), result(done));
    return { name, card: cardUrl };
  });
  const database = await createTestDatabase();
  const server = await startServer({
    agents: [AsksAll],
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_EXTERNAL_AGENTS: JSON.stringify(cards),
    },
  });
  url = server.url;
  afterThisTest(() => server.stop());
});

it('prints no warning', async () => {
  const task = await call('POST', `${url}/agents/test/asks-all/tasks`, { body: { message: 'go', wait: true } });
  expect(saidBy(task.body)).toBe(names.join());
  expect(warnings).toEqual([]);
});
