/** What a trace shows beside steps, calls and questions: waits for messages, remote agents, and runs that are held. */
import { beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { startRemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { nodeOf, outline, readTrace } from '../support/trace-reader.js';
import { answer, begin, inState } from '../support/two-instances.js';
import { until } from '../support/until.js';

@A2AAgent({ type: 'test', name: 'listens', description: 'Waits for a message.' })
class ListeningAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const heard = await task.inbox.wait();
    return `Heard ${heard?.text}.`;
  }
}

/** What its code calls its first step, from now on. */
let step = 'load';

@A2AAgent({ type: 'test', name: 'renamed', description: 'Is edited.' })
class RenamedAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.step(step, () => 'loaded');
    return (await task.requestInput('Go on?', { name: 'go on' })).text;
  }
}

let url: string;

beforeAll(async () => {
  const [database, remote] = await Promise.all([createTestDatabase(), startRemoteA2AAgent()]);
  const env = {
    PORT: '0',
    DATABASE_URL: database.url,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_EXTERNAL_AGENTS: `far=${remote.cardUrl}`,
  };
  const server = await startServer({ agents: [ListeningAgent, RenamedAgent], env });
  afterThisTest(() => server.stop());
  ({ url } = server);
});

it('shows a wait for a message, while it lasts and when it is over', async () => {
  const id = await begin(url, 'listens', 'go');
  const waiting = await until(
    async () => {
      const trace = await readTrace(url, id);
      return trace.runs[0]?.ending === 'waits' && trace;
    },
    { what: 'the wait to be in the trace' },
  );
  expect(outline(waiting)).toEqual(['run 1: waits', '  inbox wait: waiting']);
  expect(nodeOf(waiting, 'wait')).toMatchObject({ endedAt: null, result: null });

  await answer(url, 'listens', id, 'the sea');
  await inState(url, id, 'COMPLETED');
  const trace = await readTrace(url, id);
  expect(outline(trace)).toEqual(['run 1: waits', '  inbox wait: done', 'run 2: COMPLETED']);
  const { startedAt, endedAt } = nodeOf(trace, 'wait');
  expect(Date.parse(endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt ?? ''));
});

it('shows what a remote agent was sent, and what came', async () => {
  const { body } = await call('POST', `${url}/agents/external/far/tasks`, { body: { message: 'hello' } });
  const id = textAt(body, 'id');
  await inState(url, id, 'COMPLETED');
  const trace = await readTrace(url, id);
  const remotes = outline(trace).filter((line) => line.startsWith('  remote '));
  expect(remotes).toEqual(['  remote send: done', '  remote follow: done']);
  const sent = nodeOf(trace, 'send');
  expect(sent).toMatchObject({ kind: 'remote', attempts: 1, error: null, result: expect.anything() });
  expect(JSON.stringify(sent.input)).toContain('hello');
});

it('shows that a remote agent failed', async () => {
  const { body } = await call('POST', `${url}/agents/external/far/tasks`, { body: { message: 'fail' } });
  const id = textAt(body, 'id');
  await inState(url, id, 'FAILED');
  const { runs, error } = await readTrace(url, id);
  expect(runs.map(({ ending }) => ending)).toEqual(['FAILED']);
  expect(error?.message).toEqual(expect.any(String));
});

it('shows a run that was held, and the one that went on with fitting code', async () => {
  step = 'load';
  const id = await begin(url, 'renamed', 'go');
  await inState(url, id, 'INPUT_REQUIRED');
  step = 'load order';
  const message = { taskId: id, parts: [{ text: 'Yes.' }] };
  await call('POST', `${url}/agents/test/renamed/tasks`, { body: { message } });
  const held = await until(
    async () => {
      const trace = await readTrace(url, id);
      return trace.runs.at(-1)?.ending === 'held' && trace;
    },
    { what: 'the run to be held' },
  );
  expect(outline(held)).toEqual(['run 1: asked', '  step load: done', '  question go on: done', 'run 2: held']);

  step = 'load';
  expect((await call('POST', `${url}/tasks/${id}:retry`)).status).toBe(200);
  await inState(url, id, 'COMPLETED');
  const endings = (await readTrace(url, id)).runs.map(({ ending }) => ending);
  expect([endings[0], endings[1], endings.at(-1)]).toEqual(['asked', 'retried', 'COMPLETED']);
});
