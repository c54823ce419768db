/** Which versions of A2A are spoken: 1.0 by default or by name, 0.3 through its own client, and no other. */
import type { Client } from '@a2a-js/sdk/client';
import { TaskNotCancelableError, TaskNotFoundError, VersionNotSupportedError } from '@a2a-js/sdk/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, connectOld, nameOfEvent, request, send, stateOf, textOf, transports } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { runOn } from '../support/postgres.js';
import { at, call } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let url: string;
let databaseUrl: string;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } }));
});

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
const bindings = [
  ['JSON-RPC', '/agents/function/echo', { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }],
  ['HTTP+JSON', '/agents/function/echo/message:send', { message }],
] as const;

describe.each(bindings)('over %s', (_binding, path, body) => {
  it.each([
    ['1.0', { 'a2a-version': '1.0' }],
    ['an empty version', { 'a2a-version': '' }],
    ['none', {}],
  ])('accepts %s', async (_version, headers) => {
    const answer = await call('POST', `${url}${path}`, { body, headers });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).toContain('TASK_STATE_COMPLETED');
  });

  it.each(['9.9', '2.0', 'one'])('refuses version %s, and does nothing', async (version) => {
    const count = () => runOn<{ n: number }>(databaseUrl, 'SELECT count(*)::int AS n FROM tasks');
    const before = await count();
    const answer = await call('POST', `${url}${path}`, { body, headers: { 'a2a-version': version } });
    const details = at(answer.body, 'error', _binding === 'JSON-RPC' ? 'data' : 'details');
    expect(details).toMatchObject([{ reason: 'VERSION_NOT_SUPPORTED', domain: 'a2a-protocol.org' }]);
    expect(at(answer.body, 'error', 'message')).toContain('1.0');
    expect(at(answer.body, 'error', 'code')).toBe(_binding === 'JSON-RPC' ? -32009 : 400);
    expect(await count()).toEqual(before);
  });
});

it.each(transports)('tells the official client over %s that its version is not spoken', async (transport) => {
  const client = await connect(url, 'function/echo', transport);
  const options = { serviceParameters: { 'A2A-Version': '9.9' } };
  const { transport: wire } = client;
  await expect(wire.sendMessage(request('hello'), options)).rejects.toBeInstanceOf(VersionNotSupportedError);
  await expect(wire.sendMessageStream(request('hello'), options).next()).rejects.toBeInstanceOf(
    VersionNotSupportedError,
  );
  await expect(wire.getTask({ id: 'x', tenant: '' }, options)).rejects.toBeInstanceOf(VersionNotSupportedError);
});

describe.each(transports)('version 0.3 over %s', (protocolBinding) => {
  let echo: Client;
  let countdown: Client;

  beforeAll(async () => {
    echo = await connectOld(url, 'function/echo', protocolBinding);
    countdown = await connectOld(url, 'function/countdown', protocolBinding);
  });

  it('sends messages and reads tasks', async () => {
    expect(echo.protocolVersion).toBe('0.3');
    const task = await send(echo, 'hello');
    expect([stateOf(task), textOf(task.artifacts[0]?.parts)]).toEqual(['COMPLETED', 'hello']);
    expect(stateOf(await echo.getTask({ id: task.id, tenant: '' }))).toBe('COMPLETED');
    await expect(echo.getTask({ id: 'nothing', tenant: '' })).rejects.toBeInstanceOf(TaskNotFoundError);
  });

  it('streams, subscribes and cancels', async () => {
    const names: string[] = [];
    for await (const event of countdown.sendMessageStream(request({ steps: 2, delayMs: 5 })))
      names.push(nameOfEvent(event));
    expect(names[0]).toBe('task SUBMITTED');
    expect(names.slice(-2)).toEqual(['artifact countdown', 'status COMPLETED']);

    const { id } = await send(countdown, { steps: 1_000, delayMs: 50 }, { returnImmediately: true });
    const subscription = countdown.resubscribeTask({ id, tenant: '' });
    const first = await subscription.next();
    expect(first.done === true ? '' : nameOfEvent(first.value)).toMatch(/^task/);
    const canceled = await countdown.cancelTask({ id, tenant: '', metadata: undefined });
    expect(stateOf(canceled)).toBe('CANCELED');
    const rest: string[] = [];
    for await (const event of subscription) rest.push(nameOfEvent(event));
    expect(rest.at(-1)).toBe('status CANCELED');
    await expect(countdown.cancelTask({ id, tenant: '', metadata: undefined })).rejects.toBeInstanceOf(
      TaskNotCancelableError,
    );
  });
});

const oldMessage = { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'go' }] };
const oldStreams = [
  [
    'JSON-RPC',
    '',
    { jsonrpc: '2.0', id: 1, method: 'message/stream', params: { message: { kind: 'message', ...oldMessage } } },
  ],
  ['HTTP+JSON', '/v1/message:stream', { message: { messageId: 'n', role: 'ROLE_USER', content: [{ text: 'go' }] } }],
] as const;

it.each(oldStreams)(
  'a stream of version 0.3 over %s says `final` at the question that ends it',
  async (_, path, body) => {
    const response = await fetch(`${url}/agents/test/asks-twice${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': '0.3' },
      body: JSON.stringify(body),
    });
    const frames = (await response.text())
      .split('\n\n')
      .filter((frame) => frame.startsWith('data: '))
      .map((frame) => JSON.parse(frame.slice('data: '.length)) as Record<string, object>);
    const updates = frames.map((frame) => (frame['statusUpdate'] ?? frame['result'] ?? frame) as { final?: boolean });
    expect(updates.at(-1)).toMatchObject({ final: true });
    expect(updates.slice(0, -1).filter(({ final }) => final === true)).toEqual([]);
  },
);
