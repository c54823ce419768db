/** What a path over HTTP+JSON names is checked as what a body does, is what is meant, and may be written otherwise. */
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

const V1 = { 'a2a-version': '1.0' };
let echo = '';

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_GRPC_PORT: 'off' };
  const server = await startServer({ agents: [EchoAgent], env });
  echo = `${server.url}/agents/function/echo`;
  afterThisTest(() => server.stop());
});

const saying = (text: string) => ({ message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }] } });
const ask = (method: string, path: string, body?: object): Promise<Answer> =>
  call(method, echo + path, { headers: V1, ...(body === undefined ? {} : { body }) });
/** HTTP's status, the field at fault and what is expected of it. */
const refused = ({ status, body }: Answer): unknown => [
  status,
  at(body, 'error', 'details', 0, 'metadata', 'field'),
  at(body, 'error', 'details', 0, 'metadata', 'expected'),
];
const sent = async (): Promise<string> => textAt((await ask('POST', '/message:send', saying('hi'))).body, 'task', 'id');

describe('a tenant in the path', () => {
  const task = `/tasks/${randomUUID()}`;

  it.each([
    ['POST', '/message:send', saying('hi')],
    ['POST', '/message:stream', saying('hi')],
    ['GET', '/tasks', undefined],
    ['GET', task, undefined],
    ['POST', `${task}:cancel`, {}],
    ['GET', `${task}:subscribe`, undefined],
    ['GET', `${task}/pushNotificationConfigs`, undefined],
    ['POST', `${task}/pushNotificationConfigs`, { url: 'https://example.com/hook' }],
  ] as const)('that PostgreSQL can not store is refused as over JSON-RPC: %s %s', async (method, path, body) => {
    const overRpc = await callRpc(echo, 'ListTasks', { tenant: 'a\0' });
    const expected = at(overRpc.body, 'error', 'data', 0, 'metadata', 'expected');
    expect(refused(await ask(method, `/a%00${path}`, body))).toEqual([400, 'tenant', expected]);
  });

  it.each(['/message:send', '/message:stream'])(
    'is the one that is meant, and no other is named beside it: %s',
    async (path) => {
      const { body } = await ask('GET', '/one/tasks');
      const before = at(body, 'totalSize');
      const other = [400, 'tenant', 'what the path says, or none'];
      expect(refused(await ask('POST', `/one${path}`, { ...saying('hi'), tenant: 'two' }))).toEqual(other);
      expect(refused(await ask('POST', `/one${path}?tenant=two`, saying('hi')))).toEqual(other);
      expect(at((await ask('GET', '/two/tasks')).body, 'totalSize')).toBe(0);
      expect(at((await ask('GET', '/one/tasks')).body, 'totalSize')).toBe(before);
      expect(
        (
          await fetch(`${echo}/one${path}`, {
            method: 'POST',
            headers: { ...V1, 'content-type': 'application/json' },
            body: JSON.stringify({ ...saying('hi'), tenant: 'one' }),
          })
        ).status,
      ).toBe(200);
    },
  );

  it('is the one that is meant by a query, too', async () => {
    const other = [400, 'tenant', 'what the path says, or none'];
    expect(refused(await ask('GET', '/one/tasks?tenant=two'))).toEqual(other);
    expect((await ask('GET', '/one/tasks?tenant=one')).status).toBe(200);
    expect((await ask('GET', '/one/tasks?tenant=')).status).toBe(200);
  });
});

describe('a tenant that no row can have', () => {
  // What is random is not stored shorter than it is.
  const long = randomBytes(6_000).toString('base64url');
  const expected = ['tenant', 'at most 256 characters, without U+0000'];

  it('is refused by A2A', async () => {
    const overRpc = await callRpc(echo, 'SendMessage', { ...saying('hi'), tenant: long });
    const { field, expected: wanted } = at(overRpc.body, 'error', 'data', 0, 'metadata') as Record<string, unknown>;
    expect([field, wanted]).toEqual(expected);
    expect(refused(await ask('POST', `/${long}/message:send`, saying('hi')))).toEqual([400, ...expected]);
    expect(refused(await ask('GET', `/${long}/tasks`))).toEqual([400, ...expected]);
  });

  it('is refused by the API', async () => {
    const server = new URL(echo).origin;
    for (const tenant of [long, '%00']) {
      expect(refused(await call('POST', `${server}/sessions?tenant=${tenant}`, { body: {} }))).toEqual([
        400,
        ...expected,
      ]);
      expect(refused(await call('GET', `${server}/tasks?tenant=${tenant}`))).toEqual([400, ...expected]);
      const steps = `${server}/tasks/${randomUUID()}/steps?tenant=${tenant}`;
      expect(refused(await call('GET', steps))).toEqual([400, ...expected]);
    }
    expect(refused(await call('GET', `${server}/tasks?tenant=one&tenant=two`))).toEqual([400, 'tenant', 'one value']);
  });
});

it('a task in the path is the one that is meant, whatever is named beside it', async () => {
  const [one, two] = [await sent(), await sent()];
  const configs = `/tasks/${one}/pushNotificationConfigs`;
  const made = await ask('POST', configs, { url: 'https://example.com/hook', taskId: two });
  expect([made.status, at(made.body, 'taskId')]).toEqual([201, one]);
  expect(textAt((await ask('GET', `/tasks/${one}?id=${two}`)).body, 'id')).toBe(one);
});

describe('the list of tasks, without a version', () => {
  it.each(['/tasks', '/tasks/', '/Tasks', '/TASKS/'])('is that of the API, however it is written: %s', async (path) => {
    await sent();
    const failed = await call('GET', `${echo}${path}?state=FAILED`);
    expect([at(failed.body, 'tasks'), failed.headers.get('content-type')]).toEqual([
      [],
      expect.stringMatching(/^application\/json/),
    ]);
    expect((await call('GET', `${echo}${path}?state=NONSENSE`)).status).toBe(400);
    const ofA2A = await call('GET', `${echo}${path}?pageSize=1`, { headers: V1 });
    expect(ofA2A.headers.get('content-type')).toMatch(/^application\/a2a\+json/);
  });

  it('has the head of what GET answers', async () => {
    const heads = async (headers: Readonly<Record<string, string>>) => {
      const [got, head] = await Promise.all(
        ['GET', 'HEAD'].map(async (method) => fetch(`${echo}/tasks?pageSize=0`, { method, headers })),
      );
      return [got?.headers.get('content-type'), head?.headers.get('content-type')];
    };
    for (const headers of [V1, {}]) {
      const [got, head] = await heads(headers);
      expect(head).toBe(got);
    }
  });
});
