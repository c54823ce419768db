/** An agent of this server that stands for one elsewhere, on the official SDK's server. */
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent } from '../../src/agents/a2a-agent.js';
import { ExternalA2AAgentBaseService } from '../../src/agents/external-a2a-agent-base.service.js';
import { startServer } from '../../src/server.js';
import { textOf, type Part } from '../../src/sessions/message.js';
import type { Task } from '../../src/tasks/task.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisFile } from '../support/outcome.js';
import { startRemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { until } from '../support/until.js';

const streamed = await startRemoteA2AAgent({ streaming: true });
const polled = await startRemoteA2AAgent({ streaming: false });

@A2AAgent({ type: 'external', name: 'streamed', description: 'An agent elsewhere that streams.' })
class StreamedAgent extends ExternalA2AAgentBaseService {
  protected override readonly cardUrl = streamed.cardUrl;
  protected override readonly headers = { 'x-test': 'secret' };
}

@A2AAgent({ type: 'external', name: 'polled', description: "An agent elsewhere that doesn't stream." })
class PolledAgent extends ExternalA2AAgentBaseService {
  protected override readonly cardUrl = polled.cardUrl;
}

@A2AAgent({ type: 'external', name: 'nobody', description: 'An agent whose card is not there.' })
class NobodyAgent extends ExternalA2AAgentBaseService {
  protected override readonly cardUrl = `${streamed.cardUrl}/missing`;
}

let url = '';

beforeAll(async () => {
  const database = await createTestDatabase();
  const server = await startServer({
    agents: [StreamedAgent, PolledAgent, NobodyAgent],
    env: { PORT: '0', DATABASE_URL: database.url, CONTINUO_LOG_LEVEL: 'silent' },
  });
  url = server.url;
  afterThisFile(() => server.stop());
});

async function call(path: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Starts a task; with `wait`, resolves when it has ended or asks for something. */
async function send(agent: string, message: unknown, options: Readonly<Record<string, unknown>> = {}): Promise<Task> {
  return (await call(`/agents/external/${agent}/tasks`, 'POST', { message, ...options })) as Task;
}

async function read(task: Task): Promise<Task> {
  return (await call(`/tasks/${task.id}`, 'GET')) as Task;
}

function ended(task: Task): Promise<Task> {
  return until(
    async () => {
      const now = await read(task);
      return now.status.state === 'TASK_STATE_COMPLETED' && now;
    },
    { what: 'the task to be completed' },
  );
}

function joined(parts: readonly Part[] | undefined): string {
  return (parts ?? []).map((part) => part.text ?? '').join('');
}

function said(task: Task): string {
  return textOf(task.status.message?.parts ?? []);
}

describe.each([
  ['streamed', streamed],
  ['polled', polled],
] as const)('a remote agent that is %s', (name, remote) => {
  it('gives its answer, and knows the session again', async () => {
    const first = await send(name, 'hello', { wait: true });
    expect(said(first)).toBe('You said hello.');
    await send(name, 'again', { wait: true, sessionId: first.contextId });
    await send(name, 'hello', { wait: true });
    const [one, two, three] = remote.messages.map((message) => message.contextId);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });

  it('shows its artifact while it grows, whole in the end', async () => {
    const task = await send(name, 'chunks');
    await until(async () => joined((await read(task)).artifacts?.[0]?.parts) === 'one ', { what: 'the first chunk' });
    remote.release();
    const whole = await ended(task);
    expect(whole.artifacts).toHaveLength(1);
    expect(whole.artifacts?.[0]).toMatchObject({ artifactId: 'text-1', name: 'text' });
    expect(joined(whole.artifacts?.[0]?.parts)).toBe('one two three');
    expect(joined(whole.status.message?.parts)).toBe('one two three');
  });

  it('asks its question here, and gets the answer', async () => {
    const asking = await send(name, 'ask', { wait: true });
    expect(asking.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(said(asking)).toBe('Which colour?');
    const reply = { role: 'ROLE_USER', messageId: `${asking.id}:reply`, taskId: asking.id, parts: [{ text: 'blue' }] };
    await send(name, reply);
    expect(said(await ended(asking))).toBe('You chose blue.');
  });

  it('fails here when it fails there, with its reason', async () => {
    const task = await send(name, 'fail', { wait: true });
    expect(task.status.state).toBe('TASK_STATE_FAILED');
    expect(said(task)).toContain('The stock is empty.');
  });

  it('is cancelled there when it is cancelled here', async () => {
    const before = remote.cancelled.length;
    const received = remote.messages.length;
    const task = await send(name, 'wait');
    await until(() => remote.messages.length > received, { what: 'the remote agent to get the message' });
    await until(async () => (await read(task)).status.state === 'TASK_STATE_WORKING', { what: 'the task to work' });
    await call(`/agents/external/${name}/tasks/${task.id}`, 'DELETE');
    await until(() => remote.cancelled.length > before, { what: 'the remote task to be cancelled' });
    expect((await read(task)).status.state).toBe('TASK_STATE_CANCELED');
  });

  it('is cancelled there also while it waits for an answer, when nothing of it runs here', async () => {
    const before = remote.cancelled.length;
    const asking = await send(name, 'ask', { wait: true });
    await call(`/agents/external/${name}/tasks/${asking.id}`, 'DELETE');
    await until(() => remote.cancelled.length > before, { what: 'the remote task to be cancelled' });
    expect((await read(asking)).status.state).toBe('TASK_STATE_CANCELED');
  });
});

it('sends its headers with every request', () => {
  expect([...streamed.headers]).toEqual(['secret']);
});
