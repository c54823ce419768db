/** What children hand to their parent: together no more than one answer carries, and the rest at its address. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { CallResult, TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { until } from '../support/until.js';

const ANSWER_BYTES = 100_000;
const CONTENT = 'urn:continuo:a2a:content:v1';
const results = new Map<string, readonly CallResult[]>();
let server: RunningServer;

@A2AAgent({ type: 'test', name: 'maker', description: 'Makes and says as many bytes as it is told.' })
class Maker extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const { makes = 0, says = 4 } = task.data as { readonly makes?: number; readonly says?: number };
    if (makes > 0) await task.artifact({ artifactId: 'made', name: 'Made', parts: 'x'.repeat(makes) });
    return 'y'.repeat(says);
  }
}

@A2AAgent({ type: 'test', name: 'caller', description: 'Calls makers, all at once.' })
class Calls extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const calls = (task.data as readonly unknown[]).map((data) => ({ agent: 'test/maker', input: [{ data }] }));
    results.set(task.id, await task.callAll(calls));
    return 'Called.';
  }
}

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_ANSWER_BYTES: String(ANSWER_BYTES),
  };
  server = await startServer({ agents: [Maker, Calls], env });
});

afterAll(() => server.stop());

async function ended(makers: readonly object[]): Promise<{ readonly id: string; readonly body: unknown }> {
  const message = { messageId: crypto.randomUUID(), parts: [{ data: makers }] };
  const id = textAt((await call('POST', `${server.url}/agents/test/caller/tasks`, { body: { message } })).body, 'id');
  const body = await until(
    async () => {
      const task = (await call('GET', `${server.url}/tasks/${id}`)).body;
      return /COMPLETED|FAILED/.test(textAt(task, 'status', 'state')) && task;
    },
    { what: 'the caller to end' },
  );
  return { id, body };
}

it('artifacts that fit are there, of the others the address, small ones before large ones', async () => {
  const { id } = await ended([{ makes: 70_000 }, { makes: 300_000 }, { makes: 60_000 }, { makes: 500 }]);
  const all = results.get(id) ?? [];
  expect(JSON.stringify(all).length).toBeLessThan(ANSWER_BYTES + 10_000);
  expect(all.map(({ text }) => text)).toEqual(['yyyy', 'yyyy', 'yyyy', 'yyyy']);
  expect(all.map(({ artifacts }) => artifacts[0]?.parts.length)).toEqual([0, 0, 1, 1]);
  for (const { taskId, artifacts } of all.slice(0, 2)) {
    const uri = `/tasks/${taskId}/artifacts/made`;
    expect(artifacts[0]).toMatchObject({ name: 'Made', metadata: { [CONTENT]: { uri } } });
    expect((await fetch(`${server.url}${uri}`)).status).toBe(200);
  }
});

it('answers that are more than that together fail the call, and the failure says why', async () => {
  for (const makers of [[{ says: 60_000 }, { says: 60_000 }], [{ says: 300_000 }]]) {
    const { body } = await ended(makers);
    expect(textAt(body, 'status', 'state')).toBe('TASK_STATE_FAILED');
    expect(JSON.stringify(body)).toContain('CONTINUO_ANSWER_BYTES');
  }
});
