/** Several messages in one conversation at once: in parallel, in turn, refused, interrupting; and to a task at work. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { createTestDatabase } from '../support/database.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { until } from '../support/until.js';
import { saidBy } from '../support/answers.js';

/** Works until it is told to stop, and says what it was told. */
@A2AAgent({ type: 'test', name: 'listener', description: 'Listens while it works.' })
class Listener extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const heard: string[] = [];
    for (;;) {
      const said = await task.inbox.wait();
      if (said === undefined || said.text === 'stop') return `${task.text}: ${heard.join(', ')}`;
      heard.push(said.text);
    }
  }
}

interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: { readonly state: string; readonly message?: { readonly parts: readonly { text?: string }[] } };
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const env = { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_DRAIN_MS: '0' };
  server = await startServer({ agents: [Listener], env });
});

afterAll(() => server.stop());

async function send(
  message: unknown,
  metadata?: unknown,
): Promise<{ status: number; body: Task & { error?: { message: string } } }> {
  const response = await fetch(`${server.url}/agents/test/listener/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, ...(metadata === undefined ? {} : { metadata }) }),
  });
  return { status: response.status, body: (await response.json()) as Task & { error?: { message: string } } };
}

async function say(task: Task, text: string): Promise<void> {
  const { status } = await send({ taskId: task.id, contextId: task.contextId, parts: [{ text }] });
  expect(status).toBe(200);
}

async function read(id: string): Promise<Task> {
  return (await (await fetch(`${server.url}/tasks/${id}`)).json()) as Task;
}

async function stateOf(id: string): Promise<string> {
  return (await read(id)).status.state;
}

async function inTurn(contextId: string, text: string, conversation: string) {
  return send({ contextId, parts: [{ text }] }, { 'urn:continuo:a2a:sessions:v1': { conversation } });
}

async function ended(id: string): Promise<Task> {
  await until(async () => (await stateOf(id)) === 'TASK_STATE_COMPLETED', { what: 'the end of the task' });
  return read(id);
}

describe('a message to a task that works', () => {
  it('reaches its agent, in order, each once', async () => {
    const { body: task } = await send('heard');
    for (const text of ['one', 'two', 'three', 'stop']) await say(task, text);
    expect(saidBy(await ended(task.id))).toBe('heard: one, two, three');
  });
});

describe('a second message of a conversation', () => {
  it('runs beside the first, unless it says otherwise', async () => {
    const { body: first } = await send('first');
    const { body: second } = await send({ contextId: first.contextId, parts: [{ text: 'second' }] });
    await say(second, 'stop');
    await ended(second.id);
    expect(await stateOf(first.id)).toBe('TASK_STATE_WORKING');
    await say(first, 'stop');
  });

  it('waits for the first when it is enqueued, and for those before it', async () => {
    const { body: first } = await send('first');
    const { body: second } = await inTurn(first.contextId, 'second', 'enqueue');
    const { body: third } = await inTurn(first.contextId, 'third', 'enqueue');
    expect([await stateOf(second.id), await stateOf(third.id)]).toEqual([
      'TASK_STATE_SUBMITTED',
      'TASK_STATE_SUBMITTED',
    ]);
    await say(first, 'stop');
    await until(async () => (await stateOf(second.id)) === 'TASK_STATE_WORKING', { what: 'the second to begin' });
    expect(await stateOf(third.id)).toBe('TASK_STATE_SUBMITTED');
    await say(second, 'stop');
    await until(async () => (await stateOf(third.id)) === 'TASK_STATE_WORKING', { what: 'the third to begin' });
    await say(third, 'stop');
    await ended(third.id);
  });

  it('is refused when only one is taken at a time, and changes nothing', async () => {
    const { body: first } = await send('first');
    const { status, body } = await inTurn(first.contextId, 'second', 'reject');
    expect(status).toBe(400);
    expect(body.error?.message).toContain(first.id);
    await say(first, 'stop');
    expect(saidBy(await ended(first.id))).toBe('first: ');
    expect((await inTurn(first.contextId, 'second', 'reject')).status).toBe(201);
  });

  it('ends the first when it interrupts', async () => {
    const { body: first } = await send('first');
    const { body: second } = await inTurn(first.contextId, 'second', 'interrupt');
    expect(await stateOf(first.id)).toBe('TASK_STATE_CANCELED');
    await say(second, 'stop');
    await ended(second.id);
  });

  it.each([10, 40])(
    'ends the others when %i interrupt at the same time, with ten connections',
    async (many) => {
      const firsts = await Promise.all(Array.from({ length: many }, (_, n) => send(`first ${n}`)));
      const seconds = await Promise.all(
        firsts.map(({ body }, n) => inTurn(body.contextId, `second ${n}`, 'interrupt')),
      );
      expect(seconds.map(({ status }) => status)).toEqual(firsts.map(() => 201));
      for (const { body } of firsts) expect(await stateOf(body.id)).toBe('TASK_STATE_CANCELED');
      for (const { body } of seconds) await say(body, 'stop');
      for (const { body } of seconds) await ended(body.id);
    },
    60_000,
  );

  it('comes one after the other when many come at once', async () => {
    const { body: first } = await send('first');
    const sent = await Promise.all([1, 2, 3, 4].map((n) => inTurn(first.contextId, `next ${n}`, 'reject')));
    expect(sent.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    await say(first, 'stop');
    await ended(first.id);
    const again = await Promise.all([1, 2, 3, 4].map((n) => inTurn(first.contextId, `again ${n}`, 'reject')));
    expect(again.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400, 400]);
  });

  it('names the field when the mode is none', async () => {
    const { status, body } = await inTurn('any', 'text', 'sometimes');
    expect(status).toBe(400);
    expect(body.error?.message).toContain('conversation');
  });
});
