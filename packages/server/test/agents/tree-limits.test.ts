/** How deep and how far calls go is limited, and who calls is told by what. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { begin, inState } from '../support/two-instances.js';

@A2AAgent({ type: 'test', name: 'deep', description: 'Calls itself.' })
class Deep extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    return (await task.call('test/deep', 'go')).text;
  }
}

@A2AAgent({ type: 'test', name: 'leaf', description: 'Is called.' })
class Leaf extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    return 'Here.';
  }
}

@A2AAgent({ type: 'test', name: 'wide', description: 'Calls twenty at once.' })
class Wide extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await task.callAll(Array.from({ length: 20 }, () => ({ agent: 'test/leaf', input: 'go' })));
  }
}

@A2AAgent({ type: 'test', name: 'long', description: 'Calls one after the other, as long as it may.' })
class Long extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    for (let calls = 0; ; calls += 1) {
      try {
        await task.call('test/leaf', 'go');
      } catch (error) {
        return `${calls} calls: ${messageOf(error)}`;
      }
    }
  }
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const limits = { CONTINUO_LIMIT_CALL_DEPTH: '3', CONTINUO_LIMIT_TREE_TASKS: '10' };
  const env = { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_DRAIN_MS: '0', ...limits };
  server = await startServer({ agents: [Deep, Leaf, Wide, Long], env });
});

afterAll(() => server.stop());

async function below(id: string): Promise<number> {
  const { body } = await call('GET', `${server.url}/tasks?rootTaskId=${id}&pageSize=100`);
  return (at(body, 'tasks') as readonly unknown[]).filter((task) => at(task, 'id') !== id).length;
}

it('refuses calls that are too deep', async () => {
  const id = await begin(server.url, 'deep');
  const said = saidBy(await inState(server.url, id, 'FAILED'));
  expect(said).toMatch(/test\/deep.*3 deep.*CONTINUO_LIMIT_CALL_DEPTH/);
  expect(await below(id)).toBe(3);
});

it('refuses tasks beyond those that one root may have, also when many come at once', async () => {
  const id = await begin(server.url, 'wide');
  const said = saidBy(await inState(server.url, id, 'FAILED'));
  expect(said).toMatch(/10 tasks.*CONTINUO_LIMIT_TREE_TASKS/);
  expect(await below(id)).toBeLessThanOrEqual(9);
});

it('counts no call twice, and lets an agent go on without what it was refused', async () => {
  const id = await begin(server.url, 'long');
  const said = saidBy(await inState(server.url, id, 'COMPLETED'));
  expect(said).toMatch(/^9 calls: test\/leaf .*CONTINUO_LIMIT_TREE_TASKS/);
  expect(await below(id)).toBe(9);
});
