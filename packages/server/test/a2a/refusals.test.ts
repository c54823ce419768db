/** Refusals reach every client: they repeat little of what came, and say which member of a request is wrong. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '@grpc/grpc-js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';

const V1 = { 'a2a-version': '1.0' };
const LONG = 'ä'.repeat(100_000);
/** What clients wait for an answer that never comes. */
const DEADLINE = { deadlineMs: 30_000 };
let echo = '';
let client: Client;

beforeAll(async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const env = { DATABASE_URL, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_GRPC_PORT: '0' };
  const server = await startServer({ agents: [EchoAgent], env });
  echo = `${server.url}/agents/function/echo`;
  const { address } = await grpcOf(server.url, 'function/echo');
  client = grpcClient(address);
  afterThisTest(() => server.stop());
  afterThisTest(async () => client.close());
});

describe('a refusal of something long', () => {
  const tenant = 'function/echo';
  const message = {
    messageId: 'long',
    role: 1,
    parts: [{ content: { $case: 'text', value: 'x' }, mediaType: `image/${LONG}`, filename: '', metadata: undefined }],
    contextId: '',
    taskId: '',
    extensions: [],
    referenceTaskIds: [],
    metadata: undefined,
  };

  it.each([
    ['a task', 'getTask', { id: LONG, tenant }, 'NOT_FOUND', `Task ää`],
    ['an agent', 'getTask', { id: 'x', tenant: `${'x'.repeat(LONG.length)}/y` }, 'NOT_FOUND', 'There is no agent "xx'],
    [
      'a media type',
      'sendMessage',
      { message, tenant, configuration: undefined, metadata: undefined },
      'INVALID_ARGUMENT',
      'message.parts[0].mediaType: expected',
    ],
  ])('reaches a client over gRPC, in a head that all take: %s', async (_, method, request, code, words) => {
    const outcome = await callGrpc(client, method, request, DEADLINE);
    expect([outcome.code, outcome.message.startsWith(words), outcome.message.endsWith('…')]).toEqual([
      code,
      true,
      true,
    ]);
    const head = encodeURIComponent(outcome.message).length + Buffer.byteLength(JSON.stringify(outcome.info)) * 2;
    expect(head).toBeLessThan(8 * 1024);
  });

  it('says the same over all bindings', async () => {
    const { message: overGrpc } = await callGrpc(client, 'getTask', { id: LONG, tenant }, DEADLINE);
    const overRpc = await callRpc(echo, 'GetTask', { id: LONG });
    expect(at(overRpc.body, 'error', 'message')).toBe(overGrpc);
    const id = 'x'.repeat(5_000);
    const [rpc, rest] = [
      await callRpc(echo, 'GetTask', { id }),
      await call('GET', `${echo}/tasks/${id}`, { headers: V1 }),
    ];
    expect(at(rest.body, 'error', 'message')).toBe(at(rpc.body, 'error', 'message'));
    expect(textAt(rest.body, 'error', 'message').length).toBeLessThan(id.length);
    const { body } = await callRpc(echo, LONG, {});
    expect([at(body, 'error', 'code'), textAt(body, 'error', 'message').length]).toEqual([
      -32_601,
      expect.toSatisfy((length: number) => length < 2_000),
    ]);
  });
});

describe('what is no request of JSON-RPC', () => {
  const get = (id: string): string => `{"jsonrpc":"2.0","id":${id},"method":"GetTask","params":{"id":"x"}}`;

  it.each([
    ['the id is a number that JSON does not keep', get('9007199254740993')],
    ['the id is a larger one', get('1e300')],
    ['the id is a fraction', get('1.5')],
    ['the id is an object', get('{}')],
    ['it has no method', '{"jsonrpc":"2.0","id":1}'],
    ['they are several', `[${get('1')}]`],
  ])('is refused: %s', async (_, body) => {
    const { body: answer } = await call('POST', echo, { body, headers: V1 });
    expect([
      at(answer, 'id'),
      at(answer, 'error', 'code'),
      at(answer, 'error', 'data', 0, 'metadata', 'field'),
    ]).toEqual([null, -32_600, 'body']);
  });

  it.each(['9007199254740991', '-9007199254740991', '"9007199254740993"', '0', '""', '1.0'])(
    '%s is an id, which comes back',
    async (id) => {
      const { body } = await call('POST', echo, { body: get(id), headers: V1 });
      expect([at(body, 'id'), at(body, 'error', 'code')]).toEqual([JSON.parse(id), -32_001]);
    },
  );
});
