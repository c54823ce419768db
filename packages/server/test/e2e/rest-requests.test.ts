/** What is asked over HTTP+JSON, in the path, the query or the body, is read and refused as over JSON-RPC: with the same field and words. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const headers = { 'a2a-version': '1.0' };
const HOOK = 'https://example.com/hook';
let echo: string;
let task: { readonly id: string; readonly contextId: string };

const rest = (method: string, path: string, body?: unknown) => call(method, `${echo}${path}`, { headers, body });
const rpc = async (method: string, params?: unknown): Promise<unknown> => (await callRpc(echo, method, params)).body;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const { url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } });
  echo = `${url}/agents/function/echo`;
  const message = () => ({ messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] });
  await rpc('SendMessage', { message: message() });
  task = at(await rpc('SendMessage', { message: message() }), 'result', 'task') as typeof task;
});

describe('a query may be written as ProtoJSON may', () => {
  it.each(['pageSize=1', 'page_size=1', 'pageSize=01', 'pageSize=1.0', 'page_size=1e0'])('%s', async (query) => {
    const { status, body } = await rest('GET', `/tasks?${query}`);
    expect([status, at(body, 'pageSize'), at(body, 'tasks')]).toEqual([200, 1, [expect.anything()]]);
  });

  it.each([
    ['status=3', 2],
    ['status=4', 0],
    ['status_timestamp_after=2999-01-01T00:00:00Z', 0],
    ['context_id=nobody-knows-it', 0],
  ])('%s', async (query, tasks) => {
    const { body } = await rest('GET', `/tasks?${query}`);
    expect(at(body, 'tasks')).toHaveLength(tasks);
  });

  it('include_artifacts and history_length', async () => {
    const { body } = await rest('GET', '/tasks?include_artifacts=true&history_length=1');
    expect(at(body, 'tasks', 0)).toMatchObject({ artifacts: [{}], history: [{}] });
    const { body: short } = await rest('GET', `/tasks/${task.id}?history_length=0`);
    expect(short).not.toHaveProperty('history');
  });
});

describe('what is refused over JSON-RPC is refused over HTTP+JSON', () => {
  const tasks: readonly (readonly [string, string, object, string])[] = [
    ['a size that is none', '/tasks?page_size=x', { pageSize: 'x' }, 'ListTasks'],
    ['a token of another list', '/tasks?page_token=x', { pageToken: 'x' }, 'ListTasks'],
    ['a state that is none', '/tasks?status=9', { status: 9 }, 'ListTasks'],
    ['words for a boolean', '/tasks?includeArtifacts=TRUE', { includeArtifacts: 'TRUE' }, 'ListTasks'],
    ['two spellings', '/tasks?pageSize=1&page_size=2', { pageSize: 1, page_size: 2 }, 'ListTasks'],
  ];

  it.each(tasks)('%s in a query', async (_, path, params, method) => {
    const told = await refusals(rest('GET', path), rpc(method, params));
    expect(told).toEqual(alike(told));
  });

  it('history of a length that is none', async () => {
    const told = await refusals(
      rest('GET', `/tasks/${task.id}?history_length=-1`),
      rpc('GetTask', { id: task.id, historyLength: -1 }),
    );
    expect(told).toEqual(alike(told));
  });

  it.each([
    [{}],
    [{ url: 5 }],
    [{ url: HOOK, id: 5 }],
    [{ url: HOOK, token: {} }],
    [{ url: HOOK, authentication: 'x' }],
    [{ url: HOOK, authentication: { scheme: 5 } }],
  ])('a push config %j, and none is there then', async (config) => {
    const { id: taskId } = task;
    const path = `/tasks/${taskId}/pushNotificationConfigs`;
    const told = await refusals(
      rest('POST', path, config),
      rpc('CreateTaskPushNotificationConfig', { ...config, taskId }),
    );
    expect(told).toEqual(alike(told));
    expect((await rest('GET', path)).body).not.toHaveProperty('configs');
  });

  it('metadata of a cancel that are no object, and pages of configs of no size', async () => {
    const { id } = task;
    const told = await refusals(
      rest('POST', `/tasks/${id}:cancel`, { metadata: 5 }),
      rpc('CancelTask', { id, metadata: 5 }),
    );
    expect(told).toEqual(alike(told));
    const other = await refusals(
      rest('GET', `/tasks/${id}/pushNotificationConfigs?pageSize=x`),
      rpc('ListTaskPushNotificationConfigs', { taskId: id, pageSize: 'x' }),
    );
    expect(other).toEqual(alike(other));
  });

  it.each(['/message:send', '/message:stream', '/tasks/x:cancel', '/tasks/x/pushNotificationConfigs'])(
    'a body that is a list, at %s',
    async (path) => {
      const { status, body } = await rest('POST', path, []);
      expect([status, at(body, 'error', 'message')]).toEqual([400, 'body: expected an object']);
    },
  );

  it('a value that comes twice', async () => {
    const { status, body } = await rest('GET', '/tasks?contextId=a&contextId=b');
    expect([status, at(body, 'error', 'message')]).toEqual([400, 'contextId: expected one value']);
  });
});

it('params in which nothing need stand may be left out, or be null', async () => {
  for (const params of [undefined, null]) {
    expect(at(await rpc('ListTasks', params), 'result', 'tasks')).toHaveLength(2);
    expect(at(await rpc('GetTask', params), 'error', 'message')).toBe('params: expected an object');
  }
});

/** The words and the details, in which are reason, field and expectation, of a request that is refused over both. */
async function refusals(overRest: ReturnType<typeof call>, overRpc: Promise<unknown>) {
  const [{ status, body }, answer] = [await overRest, await overRpc];
  return {
    http: [status === 400, at(body, 'error', 'message'), at(body, 'error', 'details')],
    rpc: [at(answer, 'error', 'code') === -32_602, at(answer, 'error', 'message'), at(answer, 'error', 'data')],
  };
}

function alike({ http }: Awaited<ReturnType<typeof refusals>>) {
  const [, ...told] = http;
  return { http: [true, ...told], rpc: [true, ...told] };
}
