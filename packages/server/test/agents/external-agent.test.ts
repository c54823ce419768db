/** An agent of this server that stands for one elsewhere, on the official SDK's server. */
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { ExternalA2AAgentBaseService } from '../../src/agents/external-a2a-agent-base.service.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { startRemoteA2AAgent, type RemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { until } from '../support/until.js';
import { saidBy } from '../support/answers.js';

const SECRET = 'Bearer tell-nobody';

/** `external/<name>`, which stands for `remote`. */
function agentFor(name: string, cardUrl: string, patienceMs?: number) {
  class ExternalAgent extends ExternalA2AAgentBaseService {
    protected override readonly cardUrl = cardUrl;
    protected override readonly headers = { 'x-test': SECRET };
    protected override readonly patienceMs = patienceMs ?? 30_000;
  }
  A2AAgent({ type: 'external', name, description: 'An agent elsewhere.' })(ExternalAgent);
  return ExternalAgent;
}

const remotes: Readonly<Record<string, RemoteA2AAgent>> = {
  streamed: await startRemoteA2AAgent(),
  polled: await startRemoteA2AAgent({ streaming: false }),
  rest: await startRemoteA2AAgent({ transport: 'HTTP+JSON' }),
  grpc: await startRemoteA2AAgent({ transport: 'GRPC' }),
  'grpc-polled': await startRemoteA2AAgent({ transport: 'GRPC', streaming: false }),
  'old-rpc': await startRemoteA2AAgent({ version: '0.3' }),
  'old-rest': await startRemoteA2AAgent({ version: '0.3', transport: 'HTTP+JSON' }),
  'old-polled': await startRemoteA2AAgent({ version: '0.3', streaming: false }),
};
const moody = await startRemoteA2AAgent();
const telltale = await startRemoteA2AAgent();
const prolix = await startRemoteA2AAgent();
const pigeons = await startRemoteA2AAgent({ transport: 'CARRIER-PIGEON' });
const grpc = await startRemoteA2AAgent({ transport: 'GRPC' });

let url = '';

beforeAll(async () => {
  const database = await createTestDatabase();
  const server = await startServer({
    agents: [
      ...Object.entries(remotes).map(([name, { cardUrl }]) => agentFor(name, cardUrl)),
      agentFor('moody', moody.cardUrl),
      agentFor('impatient', moody.cardUrl, 300),
      agentFor('telltale', telltale.cardUrl),
      agentFor('pigeons', pigeons.cardUrl),
      agentFor('moody-grpc', grpc.cardUrl, 300),
      agentFor('prolix', prolix.cardUrl),
      agentFor('redirected', telltale.cardUrl.replace('card.json', '.well-known/agent-card.json')),
      agentFor('nobody', `${telltale.cardUrl}/missing`, 300),
    ],
    env: { PORT: '0', DATABASE_URL: database.url, CONTINUO_LOG_LEVEL: 'silent' },
  });
  url = server.url;
  afterThisTest(() => server.stop());
});

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await call(method, `${url}${path}`, { body });
  if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
  return response.body;
}

/** Starts a task; with `wait`, resolves when it has ended or asks for something. */
async function send(agent: string, message: unknown, options: Readonly<Record<string, unknown>> = {}): Promise<Task> {
  return (await ask('POST', `/agents/external/${agent}/tasks`, { message, ...options })) as Task;
}

function answer(agent: string, task: Task, text: string): Promise<Task> {
  return send(agent, { taskId: task.id, parts: [{ text }] }, { wait: true });
}

async function read(task: Task): Promise<Task> {
  return (await ask('GET', `/tasks/${task.id}`)) as Task;
}

function inState(task: Task, state: string): Promise<Task> {
  return until(
    async () => {
      const now = await read(task);
      if (stateOf(now) !== state) throw new Error(JSON.stringify(now));
      return now;
    },
    { what: `the task to be ${state}` },
  );
}

const stateOf = (task: Task): string => task.status.state.replace('TASK_STATE_', '');
const said = (task: Task): string => saidBy(task);

function joined(parts: readonly Part[] | undefined): string {
  return (parts ?? []).map((part) => part.text ?? '').join('');
}

function artifact(task: Task, artifactId: string): readonly Part[] | undefined {
  return task.artifacts?.find((one) => one.artifactId === artifactId)?.parts;
}

describe.each(Object.entries(remotes))('a remote agent that is %s', (name, remote) => {
  it('gives its answer, and knows the session again', async () => {
    const first = await send(name, 'hello', { wait: true });
    expect([stateOf(first), said(first)]).toEqual(['COMPLETED', 'You said hello.']);
    await send(name, 'again', { wait: true, sessionId: first.contextId });
    await send(name, 'hello', { wait: true });
    const [one, two, three] = remote.messages.map((message) => message.contextId);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });

  it('may answer with a message, without a task', async () => {
    const task = await send(name, 'message', { wait: true });
    expect([stateOf(task), said(task)]).toEqual(['COMPLETED', 'Just this.']);
  });

  it('shows its artifact while it grows, whole in the end', async () => {
    const task = await send(name, 'chunks');
    const first = await until(
      async () => {
        const now = await read(task);
        return joined(artifact(now, 'text')) === 'one ' && now;
      },
      { what: 'the first chunk' },
    );
    expect(said(first)).toBe('Writing');
    remote.release();
    const whole = await inState(task, 'COMPLETED');
    expect(whole.artifacts).toMatchObject([{ artifactId: 'text', name: 'text', parts: [{ text: 'one two three' }] }]);
    expect(said(whole)).toBe('one two three');
  });

  it('shows what an artifact was replaced with', async () => {
    const task = await send(name, 'replace', { wait: true });
    expect(joined(artifact(task, 'text'))).toBe('the final text');
    expect(joined(artifact(task, 'other'))).toBe('untouched');
  });

  it('hands over files and values', async () => {
    const task = await send(name, 'files', { wait: true });
    const parts = artifact(task, 'files') ?? [];
    expect(parts).toEqual([
      { raw: Buffer.from([0, 255, 128]).toString('base64') },
      { data: { answer: [42, null] } },
      { text: 'and text' },
    ]);
  });

  it('asks its question here, and gets the answer', async () => {
    const asking = await send(name, 'ask', { wait: true });
    expect([stateOf(asking), said(asking)]).toEqual(['INPUT_REQUIRED', 'Which colour?']);
    expect(said(await answer(name, asking, 'blue'))).toBe('You chose blue.');
  });

  it('asks as often as it likes, each question once', async () => {
    const asking = await send(name, 'ask twice', { wait: true });
    const again = await answer(name, asking, 'Ada');
    expect([stateOf(again), said(again)]).toEqual(['INPUT_REQUIRED', 'Which colour, Ada?']);
    const done = await answer(name, asking, 'blue');
    expect(said(done)).toBe('Ada likes blue.');
    expect((done.artifacts ?? []).map(({ parts }) => joined(parts))).toEqual([
      'none',
      'Ada',
      'Ada,blue',
      'Ada likes blue.',
    ]);
  });

  it('asks for credentials here', async () => {
    const asking = await send(name, 'log in', { wait: true });
    expect([stateOf(asking), said(asking)]).toEqual(['AUTH_REQUIRED', 'Log in first.']);
    expect(said(await answer(name, asking, 'done'))).toBe('Welcome.');
  });

  it('fails here when it fails there, with its reason', async () => {
    const task = await send(name, 'fail', { wait: true });
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'The remote agent failed: The stock is empty.']);
  });

  it('rejects here what it rejects there', async () => {
    const task = await send(name, 'reject', { wait: true });
    expect([stateOf(task), said(task)]).toEqual(['REJECTED', 'The remote agent rejected the task: Not my job.']);
  });

  it('is cancelled there when it is cancelled here', async () => {
    const before = remote.cancelled.length;
    const received = remote.messages.length;
    const task = await send(name, 'wait');
    await until(() => remote.messages.length > received, { what: 'the remote agent to get the message' });
    await ask('DELETE', `/agents/external/${name}/tasks/${task.id}`);
    await until(() => remote.cancelled.length > before, { what: 'the remote task to be cancelled' });
    expect(stateOf(await read(task))).toBe('CANCELED');
  });
});

it('a remote task that waits for an answer is cancelled with the task here, of which nothing runs', async () => {
  const asking = await send('streamed', 'ask', { wait: true });
  await ask('DELETE', `/agents/external/streamed/tasks/${asking.id}`);
  const remoteTask = async (): Promise<unknown> => {
    const id = remotes['streamed']?.messages.at(-1)?.taskId;
    const body = { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } };
    const rpc = remotes['streamed']?.cardUrl.replace('card.json', 'rpc') ?? '';
    return at(
      (await call('POST', rpc, { body, headers: { 'a2a-version': '1.0', 'x-test': SECRET } })).body,
      'result',
      'status',
      'state',
    );
  };
  const canceled = await until(
    async () => {
      const state = await remoteTask();
      return state === 'TASK_STATE_CANCELED' && state;
    },
    { what: 'the remote task to be cancelled' },
  );
  expect(canceled).toBe('TASK_STATE_CANCELED');
});

it('a part of a kind that A2A does not know is left out, the others are not', async () => {
  const task = await send('streamed', 'unknown', { wait: true });
  expect(artifact(task, 'unknown')).toEqual([{ text: 'before' }, { data: { known: true } }]);
});

it('an artifact too large for an event of a stream arrives all the same', async () => {
  const task = await send('streamed', 'huge');
  const size = 6 * 1024 ** 2;
  const raw = Buffer.alloc(size, 7).toString('base64');
  await until(async () => artifact(await read(task), 'huge')?.[0]?.raw === raw, {
    what: 'the artifact',
  });
  remotes['streamed']?.release();
  const done = await inState(task, 'COMPLETED');
  expect(said(done).length).toBeLessThan(100);
});

describe('a remote agent that goes away', () => {
  it('is waited for, and nothing is sent again', async () => {
    const task = await send('moody', 'chunks');
    await until(async () => joined(artifact(await read(task), 'text')) === 'one ', { what: 'the first chunk' });
    await moody.goAway();
    moody.release();
    await moody.comeBack();
    expect(joined(artifact(await inState(task, 'COMPLETED'), 'text'))).toBe('one two three');
    expect(moody.messages).toHaveLength(1);
  });

  it('fails the task when it stays away, and a retry goes on where it was', async () => {
    const task = await send('impatient', 'ask', { wait: true });
    await moody.goAway();
    const failed = await answer('impatient', task, 'blue');
    await moody.comeBack();
    expect(stateOf(failed)).toBe('FAILED');
    expect(said(failed)).toMatch(
      /^The remote agent could not be reached for 0 seconds; the last reason: .*ECONNREFUSED/,
    );
    await ask('POST', `/tasks/${task.id}:retry`, { from: 'failed-step' });
    expect(said(await inState(task, 'COMPLETED'))).toBe('You chose blue.');
  });

  it('over gRPC alone fails the task when it stays away, and has it go on when it is back', async () => {
    const task = await send('moody-grpc', 'ask', { wait: true });
    await grpc.goAway();
    const failed = await answer('moody-grpc', task, 'blue');
    expect(said(failed)).toMatch(/^The remote agent could not be reached for 0 seconds; the last reason: /);
    await grpc.comeBack();
    await ask('POST', `/tasks/${task.id}:retry`, { from: 'failed-step' });
    expect(said(await inState(task, 'COMPLETED'))).toBe('You chose blue.');
  });

  it('fails the task when it has forgotten it', async () => {
    const task = await send('moody', 'chunks');
    await until(async () => joined(artifact(await read(task), 'text')) === 'one ', { what: 'the first chunk' });
    await moody.goAway();
    await moody.forgetTasks();
    await moody.comeBack();
    expect(said(await inState(task, 'FAILED'))).toBe(
      'The remote agent no longer knows the task; it may have lost it in a restart.',
    );
  });
});

describe('what goes wrong is told in words', () => {
  it('a card that is not there', async () => {
    const task = await send('nobody', 'hello', { wait: true });
    expect(said(task)).toMatch(/could not be reached for 0 seconds; the last reason: its card can't be read: .*404/);
  });

  it('a card with no transport that is spoken here', async () => {
    const task = await send('pigeons', 'hello', { wait: true });
    expect(said(task)).toBe(
      "The remote agent's card offers CARRIER-PIGEON, but JSONRPC or HTTP+JSON or GRPC is needed.",
    );
  });

  it('a redirect, which could take the credentials elsewhere', async () => {
    const task = await send('redirected', 'hello', { wait: true });
    expect(said(task)).toBe('The remote agent redirects, which is not followed with credentials (HTTP 302).');
  });
});

it('sends its headers with every request, and shows them to nobody', async () => {
  for (const { headers } of Object.values(remotes)) expect([...headers]).toEqual([SECRET]);
  telltale.betray();
  const task = await send('telltale', 'hello', { wait: true });
  expect(said(task)).toBe('The remote agent failed 3 times: HTTP 500: x-test: (hidden)');
  expect(JSON.stringify(await ask('GET', `/tasks/${task.id}`))).not.toContain('tell-nobody');
});

describe('a remote agent that answers with many small values is not read', () => {
  const { origin } = new URL(prolix.cardUrl);

  it.each([
    ['card', 'at most 1048576 bytes'],
    ['tasks', 'at most 100000 values'],
  ] as const)('its %s', async (what, bound) => {
    prolix.overwhelm(what);
    const task = await send('prolix', 'hello', { wait: true });
    expect([stateOf(task), said(task)]).toEqual(['FAILED', `The answer of ${origin} is not read: ${bound} are taken.`]);
  });

  it('its events, and the task is looked at instead', async () => {
    prolix.overwhelm('events');
    const task = await send('prolix', 'chunks');
    await until(async () => joined(artifact(await read(task), 'text')) === 'one ', { what: 'the first chunk' });
    prolix.release();
    expect(said(await inState(task, 'COMPLETED'))).toBe('one two three');
    prolix.overwhelm(undefined);
  });
});
