/** A caller that wants more than it may: told so in the form of each binding, and when to come back; nothing is stored. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Message } from '@a2a-js/sdk';
import type { ServiceError } from '@grpc/grpc-js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf, outcomeOf, streamGrpc } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let databaseUrl: string;
let database: pg.Client;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  database = new pg.Client(databaseUrl);
  await database.connect();
});

afterAll(() => database.end());

const start = async (env: Readonly<Record<string, string>>): Promise<string> =>
  (await startServer({ entry, env: { DATABASE_URL: databaseUrl, ...env } })).url;

const message = () => ({ messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] });
const oldMessage = () => ({
  kind: 'message',
  messageId: randomUUID(),
  role: 'user',
  parts: [{ kind: 'text', text: 'x' }],
});
const oldRpc = (agent: string, method: string) =>
  call('POST', agent, { body: { jsonrpc: '2.0', id: 1, method, params: { message: oldMessage() } } });

async function tasks(): Promise<number> {
  return (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM tasks')).rows[0]?.n ?? -1;
}

/** Asks until it is refused, for there may be something left of what was allowed. */
async function refusal(ask: () => Promise<Answer>): Promise<Answer> {
  for (let asked = 0; asked < 100; asked += 1) {
    const answer = await ask();
    if (answer.status === 429) return answer;
  }
  throw new Error('it was never refused');
}

function expectStatus(answer: Answer, reason: string): void {
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const error = at(answer.body, 'error');
  expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
  expect(at(error, 'details', 0)).toMatchObject({ reason });
  expect(JSON.stringify(at(error, 'details'))).toMatch(/"retryDelay":"\d+s"/);
}

function expectRpcError(answer: Answer, reason: string, id: number | null): void {
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.body).toMatchObject({ jsonrpc: '2.0', id, error: { code: -32603 } });
  const data = at(answer.body, 'error', 'data');
  expect(JSON.stringify(data)).toContain(reason);
  expect(JSON.stringify(data)).toMatch(/"retryDelay":"\d+s"/);
}

it('too many requests are refused, but not those for health and cards', async () => {
  const url = await start({ CONTINUO_LIMIT_REQUESTS: '1', CONTINUO_GRPC_PORT: '0' });
  const echo = `${url}/agents/function/echo`;
  const reason = 'RATE_LIMITED';
  expectStatus(await refusal(() => call('GET', `${url}/tasks`)), reason);
  expectStatus(await refusal(() => call('GET', `${url}/sessions/x/messages`)), reason);
  expectStatus(await refusal(() => call('GET', `${url}/agents`)), reason);
  expectStatus(await refusal(() => call('POST', `${echo}/tasks`, { body: { message: 'x' } })), reason);
  expectStatus(await refusal(() => call('POST', `${echo}/message:send`, { body: { message: message() } })), reason);
  expectStatus(await refusal(() => call('GET', `${echo}/v1/tasks/x`)), reason);
  expectRpcError(await refusal(() => callRpc(echo, 'SendMessage', { message: message() })), reason, null);
  expectRpcError(await refusal(() => oldRpc(echo, 'message/send')), reason, null);
  const grpc = grpcClient((await grpcOf(url, 'function/echo')).address);
  const told = await until(
    async () => {
      const outcome = await callGrpc(grpc, 'getTask', { tenant: 'function/echo', id: 'x' });
      return outcome.code === 'RESOURCE_EXHAUSTED' && outcome;
    },
    { what: 'a call over gRPC to be refused' },
  );
  expect(told).toMatchObject({ info: { reason }, details: ['ErrorInfo', 'RetryInfo'] });
  grpc.close();
  for (const path of ['/healthz', '/readyz', '/agents/function/echo/.well-known/agent-card.json']) {
    expect((await call('GET', url + path)).status).toBe(200);
  }
});

describe('of what a caller may have at once', () => {
  const reason = 'QUOTA_EXCEEDED';
  let url: string;
  let asks: string;

  beforeAll(async () => {
    url = await start({
      CONTINUO_LIMIT_STREAMS: '2',
      CONTINUO_LIMIT_TASKS: '2',
      CONTINUO_GRPC_PORT: '0',
    });
    asks = `${url}/agents/test/asks-twice`;
  });

  it('one more stream is refused, until one is closed', async () => {
    const open = [new AbortController(), new AbortController()];
    const streams = await Promise.all(open.map(({ signal }) => fetch(`${url}/tasks/events`, { signal })));
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    const before = await tasks();
    expectStatus(await call('GET', `${url}/tasks/events`), reason);
    expectStatus(await call('POST', `${asks}/message:stream`, { body: { message: message() } }), reason);
    expectRpcError(await callRpc(asks, 'SendStreamingMessage', { message: message() }), reason, 1);
    const old = await oldRpc(asks, 'message/stream');
    expect(old.status).toBeLessThan(500);
    expect(old.body).toMatchObject({ id: 1, error: { code: -32603 } });
    expect(old.headers.get('retry-after')).toBe('5');
    const grpc = grpcClient((await grpcOf(url, 'test/asks-twice')).address);
    const request = { tenant: 'test/asks-twice', message: Message.fromJSON(message()) };
    const [error] = (await once(streamGrpc(grpc, 'sendStreamingMessage', request), 'error')) as [ServiceError];
    expect(outcomeOf(error)).toMatchObject({ code: 'RESOURCE_EXHAUSTED', info: { reason } });
    grpc.close();
    expect(await tasks()).toBe(before);

    open[0]?.abort();
    await until(
      async () => {
        const again = new AbortController();
        const { status } = await fetch(`${url}/tasks/events`, { signal: again.signal });
        again.abort();
        return status === 200;
      },
      { what: 'a stream to be free again' },
    );
    open[1]?.abort();
  });

  it('one more task is refused, until one has ended', async () => {
    const wait = { message: 'go', wait: true };
    const first = await call('POST', `${asks}/tasks`, { body: wait });
    await call('POST', `${asks}/tasks`, { body: wait });
    const before = await tasks();
    expectStatus(await call('POST', `${asks}/tasks`, { body: wait }), reason);
    expectStatus(await call('POST', `${asks}/message:send`, { body: { message: message() } }), reason);
    expectRpcError(await callRpc(asks, 'SendMessage', { message: message() }), reason, 1);
    const old = await oldRpc(asks, 'message/send');
    expect(old.body).toMatchObject({ id: 1, error: { code: -32603 } });
    expect(old.headers.get('retry-after')).toBe('5');
    expect(await tasks()).toBe(before);

    const answer = { ...message(), taskId: textAt(first.body, 'id') };
    expect((await callRpc(asks, 'SendMessage', { message: answer })).status).toBe(200);
    await call('DELETE', `${asks}/tasks/${textAt(first.body, 'id')}`);
    expect((await call('POST', `${url}/agents/test/calls/tasks`, { body: wait })).body).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
    });
  });
});

describe('of what a run may write', () => {
  let url: string;

  beforeAll(async () => {
    url = await start({ CONTINUO_LIMIT_ARTIFACT_BYTES: '1000', CONTINUO_LIMIT_TASK_BYTES: '1500' });
  });

  it.each([
    ['one artifact', 1, 'is larger than 1000 bytes'],
    ['all of them', 20, "The task's artifacts are larger than 1500 bytes"],
  ])('a task that writes too much into %s fails, and says so', async (_what, artifacts, expected) => {
    const body = { message: { parts: [{ data: { artifacts, chunks: artifacts === 1 ? 1000 : 40 } }] }, wait: true };
    const { body: task } = await call('POST', `${url}/agents/test/streams/tasks`, { body });
    expect(task).toMatchObject({ status: { state: 'TASK_STATE_FAILED' } });
    expect(textAt(task, 'status', 'message', 'parts', 0, 'text')).toContain(expected);
  });
});

it('a caller with enough in the database begins nothing more', async () => {
  const url = await start({ CONTINUO_LIMIT_STORED_BYTES: '1000' });
  const echo = `${url}/agents/function/echo`;
  const before = await tasks();
  expectStatus(await call('POST', `${echo}/tasks`, { body: { message: 'x' } }), 'QUOTA_EXCEEDED');
  expectRpcError(await callRpc(echo, 'SendMessage', { message: message() }), 'QUOTA_EXCEEDED', 1);
  expect(await tasks()).toBe(before);
  const { body: page } = await call('GET', `${url}/sessions`);
  const session = `${url}/sessions/${textAt(page, 'sessions', 0, 'id')}`;
  const memory = { agent: 'function/echo', text: 'Likes tea.' };
  expectStatus(await call('POST', `${url}/sessions`, { body: {} }), 'QUOTA_EXCEEDED');
  expectStatus(await call('PATCH', session, { body: { metadata: { a: 1 } } }), 'QUOTA_EXCEEDED');
  expectStatus(await call('POST', `${url}/memories`, { body: memory }), 'QUOTA_EXCEEDED');
  expect((await call('PATCH', session, { body: { title: 'Less', metadata: null } })).status).toBe(200);
  const others = await call('POST', `${echo}/another-tenant/message:send`, { body: { message: message() } });
  expect(others.status).toBe(200);
});
