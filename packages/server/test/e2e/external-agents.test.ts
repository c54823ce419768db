/** Remote agents by configuration, while the server that stands for them is killed, and while they are. */
import { afterEach, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { events, OddHost, result } from '../support/odd-remote.js';
import { startRemoteA2AAgent, type RemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { startServer as startProcess, type ServerProcess, type StartOptions } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { inState, onlyTaskOf } from '../support/two-instances.js';
import { until } from '../support/until.js';

const SECRET = 'tell-nobody';
const agentsEntry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const quick = {
  CONTINUO_DATABASE_POOL: '4',
  ...soon,
  CONTINUO_SWEEP_MS: '100',
};

const started: ServerProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.kill('SIGKILL')));
});

async function startServer(options: StartOptions): Promise<ServerProcess> {
  const server = await startProcess(options);
  started.push(server);
  return server;
}

/** A server that offers the remote agents with these cards; each gets the secret. */
async function serverFor(cards: Readonly<Record<string, string>>, env = {}): Promise<ServerProcess> {
  const headers = { 'x-test': 'Bearer env:REMOTE_KEY' };
  const agents = Object.entries(cards).map(([name, card]) => ({ name, card, headers }));
  const { url } = await createTestDatabase();
  const settings = { DATABASE_URL: url, REMOTE_KEY: SECRET, CONTINUO_EXTERNAL_AGENTS: JSON.stringify(agents) };
  return startServer({ env: { ...quick, ...settings, ...env } });
}

async function killedAndStarted(server: ServerProcess, entry?: string): Promise<ServerProcess> {
  await server.kill('SIGKILL');
  const env = Object.fromEntries(Object.entries(server.env).filter(([name]) => name !== 'CONTINUO_CRASH_AT'));
  return startServer({ env, ...(entry === undefined ? {} : { entry }) });
}

async function begin({ url }: ServerProcess, name: string, content: unknown): Promise<string> {
  const message = { parts: [typeof content === 'string' ? { text: content } : { data: content }] };
  const { body } = await call('POST', `${url}/agents/external/${name}/tasks`, { body: { message } });
  return textAt(body, 'id');
}

/** Begins a task in which the server dies, maybe before it answers. */
async function diesIn(server: ServerProcess, name: string, content: unknown): Promise<void> {
  await Promise.all([begin(server, name, content).catch(() => undefined), server.exited]);
}

async function answer({ url }: ServerProcess, name: string, taskId: string, text: string): Promise<unknown> {
  const message = { taskId, parts: [{ text }] };
  return (await call('POST', `${url}/agents/external/${name}/tasks`, { body: { message, wait: true } })).body;
}

function firstChunk({ url }: ServerProcess, id: string): Promise<true> {
  return until(
    async () => {
      const { body } = await call('GET', `${url}/tasks/${id}`);
      return textAt(body, 'artifacts', 0, 'parts', 0, 'text') === 'one ';
    },
    { what: 'the first chunk' },
  );
}

const old = { version: '0.3', transport: 'HTTP+JSON' } as const;

describe.each([
  ['A2A 1.0', {}],
  ['A2A 0.3', old],
] as const)('a remote agent of %s', (_, options) => {
  it('is followed, not sent to again, when the server is killed in the middle of a stream', async () => {
    const remote = await startRemoteA2AAgent(options);
    const server = await serverFor({ sdk: remote.cardUrl });
    const id = await begin(server, 'sdk', 'chunks');
    await firstChunk(server, id);
    const next = await killedAndStarted(server);
    remote.release();
    const task = await inState(next.url, id, 'COMPLETED');
    expect(at(task, 'artifacts')).toMatchObject([{ artifactId: 'text', parts: [{ text: 'one two three' }] }]);
    expect(saidBy(task)).toBe('one two three');
    expect(remote.messages).toHaveLength(1);
  });

  it('gets the answer to its question when the server was killed in between', async () => {
    const remote = await startRemoteA2AAgent(options);
    const server = await serverFor({ sdk: remote.cardUrl });
    const id = await begin(server, 'sdk', 'ask');
    await inState(server.url, id, 'INPUT_REQUIRED');
    const next = await killedAndStarted(server);
    expect(saidBy(await inState(next.url, id, 'INPUT_REQUIRED'))).toBe('Which colour?');
    expect(saidBy(await answer(next, 'sdk', id, 'blue'))).toBe('You chose blue.');
    expect(remote.messages).toHaveLength(2);
  });

  it('is cancelled by the next server', async () => {
    const remote = await startRemoteA2AAgent(options);
    const server = await serverFor({ sdk: remote.cardUrl });
    const id = await begin(server, 'sdk', 'ask');
    const working = await begin(server, 'sdk', 'wait');
    await inState(server.url, id, 'INPUT_REQUIRED');
    await until(() => remote.messages.length === 2, { what: 'both messages to arrive' });
    await untilReceipt(server, working);
    const next = await killedAndStarted(server);
    await call('POST', `${next.url}/tasks/${working}:cancel`);
    await until(() => remote.cancelled.length === 1, { what: 'the remote task to be cancelled' });
    expect(textAt(await inState(next.url, working, 'CANCELED'), 'id')).toBe(working);
    expect(remote.messages).toHaveLength(2);
  });
});

/** Until the remote task is known here: its state is WORKING before that. */
function untilReceipt({ url }: ServerProcess, id: string): Promise<unknown> {
  return until(
    async () => JSON.stringify((await call('GET', `${url}/tasks/${id}/steps`)).body).includes('"name":"send"'),
    { what: 'the receipt to be stored' },
  );
}

it('a task is cancelled at the remote agent when the cancel comes to another instance', async () => {
  const remote = await startRemoteA2AAgent();
  const one = await serverFor({ sdk: remote.cardUrl });
  const { PORT: _, ...env } = one.env;
  const two = await startServer({ env });
  const id = await begin(one, 'sdk', 'wait');
  await until(() => remote.messages.length === 1, { what: 'the message to arrive' });
  await call('POST', `${two.url}/tasks/${id}:cancel`);
  await until(() => remote.cancelled.length === 1, { what: 'the remote task to be cancelled' });
  expect(textAt(await inState(one.url, id, 'CANCELED'), 'id')).toBe(id);
});

describe('another Continuo as the remote', () => {
  async function both(agent: string): Promise<readonly [ServerProcess, ServerProcess]> {
    const { url } = await createTestDatabase();
    const remote = await startServer({ entry: agentsEntry, env: { ...quick, DATABASE_URL: url } });
    const card = `${remote.url}/agents/${agent}/.well-known/agent-card.json`;
    return [remote, await serverFor({ other: card })];
  }

  it('asks twice, and is answered, while both are killed in turn', async () => {
    const [remote, server] = await both('test/asks-twice');
    const id = await begin(server, 'other', 'go');
    await inState(server.url, id, 'INPUT_REQUIRED');
    const again = await killedAndStarted(remote, agentsEntry);
    expect(saidBy(await answer(server, 'other', id, 'Ada'))).toBe('Which colour do you like, Ada?');
    const next = await killedAndStarted(server);
    expect(saidBy(await answer(next, 'other', id, 'blue'))).toBe('Ada likes blue.');
    expect(at((await call('GET', `${again.url}/tasks`)).body, 'tasks')).toHaveLength(1);
  });

  it('is killed in the middle of its work: its progress and its end are seen here all the same', async () => {
    const [remote, server] = await both('function/countdown');
    const id = await begin(server, 'other', { steps: 20, delayMs: 150 });
    const progress = async (): Promise<number> => {
      const { body } = await call('GET', `${server.url}/tasks/${id}`);
      return Number(at(body, 'metadata', 'urn:continuo:a2a:progress:v1', 'fraction'));
    };
    await until(async () => (await progress()) > 0.1, { what: 'some progress' });
    await killedAndStarted(remote, agentsEntry);
    await inState(server.url, id, 'COMPLETED');
    expect(await progress()).toBe(1);
  });

  it('makes one task of a message whose receipt was lost in a crash', async () => {
    const { url } = await createTestDatabase();
    const remote = await startServer({ entry: agentsEntry, env: { ...quick, DATABASE_URL: url } });
    const card = `${remote.url}/agents/test/asks-twice/.well-known/agent-card.json`;
    // The steps before are the session's state and the beginning; the third is the sending.
    const server = await serverFor({ other: card }, { CONTINUO_CRASH_AT: 'step-worked:3' });
    await diesIn(server, 'other', 'go');
    const next = await killedAndStarted(server);
    const id = await onlyTaskOf(next.url);
    await inState(next.url, id, 'INPUT_REQUIRED');
    expect(at((await call('GET', `${remote.url}/tasks`)).body, 'tasks')).toHaveLength(1);
  });
});

it.each([
  ['over JSON-RPC', {}],
  ['over HTTP+JSON', { transport: 'HTTP+JSON' }],
  ['over gRPC', { transport: 'GRPC' }],
] as const)(
  'a remote task whose receipt was lost in a crash is cancelled with the task here, %s',
  async (_, options) => {
    const remote = await startRemoteA2AAgent(options);
    const dying = await serverFor({ sdk: remote.cardUrl }, { CONTINUO_CRASH_AT: 'step-worked:3' });
    const { PORT: __, CONTINUO_CRASH_AT: ___, ...env } = dying.env;
    // It does not take the task over before it is cancelled.
    const other = await startServer({ env: { ...env, CONTINUO_LEASE_MS: '600000' } });
    await begin(other, 'sdk', 'ask');
    await until(() => remote.messages.length === 1, { what: 'the first message to arrive' });
    await diesIn(dying, 'sdk', 'wait');
    expect(remote.messages).toHaveLength(2);
    const { body } = await call('GET', `${other.url}/tasks?status=TASK_STATE_WORKING`);
    const id = textAt(body, 'tasks', 0, 'id');
    await call('POST', `${other.url}/tasks/${id}:cancel`);
    await until(() => remote.cancelled.length === 1, { what: 'the remote task to be cancelled' });
    expect(remote.messages).toHaveLength(2);
  },
);

it('a lost receipt: the message is repeated with the same id', async () => {
  const remote = await startRemoteA2AAgent();
  const server = await serverFor({ sdk: remote.cardUrl }, { CONTINUO_CRASH_AT: 'step-worked:3' });
  await diesIn(server, 'sdk', 'ask');
  const next = await killedAndStarted(server);
  const id = await onlyTaskOf(next.url);
  await inState(next.url, id, 'INPUT_REQUIRED');
  const ids = remote.messages.map(({ messageId }) => messageId);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

describe('an odd remote agent, when the server is killed in between', () => {
  const working = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };
  const artifacts = [{ artifactId: 'a', parts: [{ text: 'Done.' }] }];
  const done = { ...working, status: { state: 'completed' }, artifacts };

  it('that gave its task finished is not sent to again, though it has no GetTask', async () => {
    const remote = (await OddHost.start()).remote('odd').on('send', result({ task: done }));
    const server = await serverFor({ odd: remote.cardUrl }, { CONTINUO_CRASH_AT: 'step-recorded:3' });
    await diesIn(server, 'odd', 'hello');
    const next = await killedAndStarted(server);
    const id = await onlyTaskOf(next.url);
    expect(saidBy(await inState(next.url, id, 'COMPLETED'))).toBe('Done.');
    expect([remote.count('send'), remote.count('get')]).toEqual([1, 0]);
  });

  it('is followed by its stream again without GetTask, and not sent to again after nonsense', async () => {
    const host = await OddHost.start();
    const silly = host.remote('silly').on('send', () => ({ type: 'text/html', body: '<p>' }));
    const remote = host
      .remote('odd', { streaming: true })
      .on('send', result({ task: working }))
      .on('subscribe', () => ({ type: 'text/event-stream', body: ': wait', cut: true }));
    const server = await serverFor({ odd: remote.cardUrl, silly: silly.cardUrl });
    const failing = await begin(server, 'silly', 'hello');
    await inState(server.url, failing, 'FAILED');
    const id = await begin(server, 'odd', 'hello');
    await until(() => remote.count('subscribe') > 0, { what: 'the stream to be asked for' });
    const next = await killedAndStarted(server);
    remote.on('subscribe', events([{ task: done }]));
    expect(saidBy(await inState(next.url, id, 'COMPLETED'))).toBe('Done.');
    await inState(next.url, failing, 'FAILED');
    expect([remote.count('send'), silly.count('send')]).toEqual([1, 1]);
  });
});

it('with authentication, addresses that are not public are called only when they are listed', async () => {
  const remote = await startRemoteA2AAgent();
  const transport = 'GRPC';
  const [grpc, misleading] = [
    await startRemoteA2AAgent({ transport }),
    await startRemoteA2AAgent({ transport, grpcAddress: '127.0.0.2:8080' }),
  ];
  const overGrpc = { grpc: grpc.cardUrl, misleading: misleading.cardUrl };
  const cards = {
    ...overGrpc,
    listed: remote.cardUrl,
    plain: 'http://127.0.0.2:8080/card',
    private: 'https://10.0.0.1/card',
  };
  const env = { CONTINUO_AUTH: 'keys', CONTINUO_WEBHOOK_ALLOW: '127.0.0.1' };
  const server = await serverFor(cards, env);
  const key = await newKey(server.env['DATABASE_URL'] ?? '', '--owner', 'ada');
  const headers = { authorization: `Bearer ${key}` };
  const said = async (name: string): Promise<string> => {
    const body = { message: 'hello', wait: true };
    return saidBy((await call('POST', `${server.url}/agents/external/${name}/tasks`, { headers, body })).body);
  };
  for (const name of ['listed', 'grpc']) expect(await said(name)).toBe('You said hello.');
  for (const name of ['plain', 'misleading']) {
    expect(await said(name)).toBe(
      'The remote agent is not called: plain http:// is for hosts that CONTINUO_WEBHOOK_ALLOW lists, and 127.0.0.2 is none.',
    );
  }
  expect(await said('private')).toBe(
    'The remote agent is not called: 10.0.0.1 is not a public address (CONTINUO_WEBHOOK_ALLOW can list it).',
  );
});

describe('the card', () => {
  async function cardOf({ url }: ServerProcess, name: string): Promise<unknown> {
    return (await call('GET', `${url}/agents/external/${name}/.well-known/agent-card.json`)).body;
  }

  it('says what the remote card says, as soon as that can be read, and never the credentials', async () => {
    const remote: RemoteA2AAgent = await startRemoteA2AAgent();
    await remote.goAway();
    const server = await serverFor({ sdk: remote.cardUrl });
    expect(textAt(await cardOf(server, 'sdk'), 'description')).toMatch(/^A remote agent whose card has not been read/);
    await remote.comeBack();
    const card = await until(
      async () => {
        const now = await cardOf(server, 'sdk');
        return textAt(now, 'description') === 'An agent elsewhere' && { now };
      },
      { what: 'the card' },
    );
    expect(card.now).toMatchObject({ name: 'external/sdk', version: '2.3.4', skills: [{ id: 'obey' }] });
    expect([...remote.headers]).toEqual([`Bearer ${SECRET}`]);
    expect(JSON.stringify(card) + server.output()).not.toContain(SECRET);
  });

  it('of a name and a URL is all that has to be configured', async () => {
    const remote = await startRemoteA2AAgent();
    const env = { CONTINUO_EXTERNAL_AGENTS: `sdk=${remote.cardUrl} gone=http://127.0.0.1:1/card.json` };
    const server = await serverFor({}, env);
    const task = await inState(server.url, await begin(server, 'sdk', 'hello'), 'COMPLETED');
    expect(saidBy(task)).toBe('You said hello.');
  });
});
