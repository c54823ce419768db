/** The three bindings of A2A answer the same requests alike: the same answer, or the same reason, words and field. */
import { randomUUID } from 'node:crypto';
import {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import type { Client } from '@grpc/grpc-js';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { callGrpc, grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, call, callRpc } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let echo: string;
let client: Client;
/** Tasks that are there: one that has ended, and one that asks. */
let ended: string;
let asking: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const { url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_GRPC_PORT: '0' } });
  echo = `${url}/agents/function/echo`;
  client = grpcClient((await grpcOf(url, 'function/echo')).address);
  const made = async (agent: string): Promise<string> => {
    const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] };
    const { body } = await callRpc(`${url}/agents/${agent}`, 'SendMessage', { message });
    return String(at(body, 'result', 'task', 'id'));
  };
  [ended, asking] = [await made('function/echo'), await made('test/asks-twice')];
});

/** What a client learns, whatever the binding: of an answer its state or size, of a refusal all. */
type Learnt = Readonly<Record<string, unknown>>;

interface Codec {
  fromJSON(json: unknown): object;
  toJSON(request: never): unknown;
}

interface Operation {
  readonly rpc: string;
  readonly grpc: string;
  readonly codec: Codec;
  readonly rest: (json: never) => readonly [method: string, path: string, body?: unknown];
}

function query(json: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(json)) search.set(name, String(value));
  return `?${search.toString()}`;
}

const operations = {
  send: {
    rpc: 'SendMessage',
    grpc: 'sendMessage',
    codec: SendMessageRequest,
    rest: (json) => ['POST', '/message:send', json],
  },
  get: {
    rpc: 'GetTask',
    grpc: 'getTask',
    codec: GetTaskRequest,
    rest: ({ id, ...others }: { readonly id: string }) => ['GET', `/tasks/${id}${query(others)}`],
  },
  list: {
    rpc: 'ListTasks',
    grpc: 'listTasks',
    codec: ListTasksRequest,
    rest: (json) => ['GET', `/tasks${query(json)}`],
  },
  cancel: {
    rpc: 'CancelTask',
    grpc: 'cancelTask',
    codec: CancelTaskRequest,
    rest: ({ id, ...others }: { readonly id: string }) => ['POST', `/tasks/${id}:cancel`, others],
  },
  push: {
    rpc: 'CreateTaskPushNotificationConfig',
    grpc: 'createTaskPushNotificationConfig',
    codec: TaskPushNotificationConfig,
    rest: ({ taskId, ...others }: { readonly taskId: string }) => [
      'POST',
      `/tasks/${taskId}/pushNotificationConfigs`,
      others,
    ],
  },
} satisfies Readonly<Record<string, Operation>>;

/** Every combination of the values of each member; `undefined` leaves it out. */
function combined(members: Readonly<Record<string, readonly unknown[]>>): readonly object[] {
  return Object.entries(members).reduce<readonly object[]>(
    (all, [name, values]) =>
      all.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{}],
  );
}

/** Some two hundred requests, most of which are wrong in one way or two. */
function requests(): readonly (readonly [keyof typeof operations, object])[] {
  const parts = [
    [{ text: 'x' }],
    [],
    [{}],
    [{ text: '' }],
    [{ raw: 'aGk=' }],
    [{ url: 'https://example.com/a' }],
    [{ url: '/files/nothing' }],
    [{ data: { a: [1, null] } }],
    [{ data: null }],
    [{ text: 'a\u0000b' }],
    [{ text: 'x', mediaType: 'image/png' }],
    [{ text: 'x', mediaType: 'text/markdown' }],
    [{ text: 'x' }, { text: 'y', metadata: { k: 1 } }],
  ];
  const messages = [
    ...combined({ messageId: ['new'], role: ['ROLE_USER', 'ROLE_AGENT', undefined], parts }),
    ...combined({
      messageId: ['new', undefined],
      role: ['ROLE_USER'],
      parts: [parts[0]],
      contextId: ['c', 'x'.repeat(300), undefined],
    }),
    ...combined({
      messageId: ['new'],
      role: ['ROLE_USER'],
      parts: [parts[0]],
      taskId: ['nothing', ended, asking, randomUUID()],
    }),
  ];
  // How far a task is that isn't waited for is nobody's to say.
  const configurations = [{ historyLength: 0 }, { historyLength: 5 }, { historyLength: -1, returnImmediately: true }];
  const [first] = messages;
  const sent = [
    ...messages.map((message) => ({ message })),
    ...configurations.map((configuration) => ({ message: first, configuration })),
    ...combined({ message: [undefined, first], metadata: [{ 'urn:continuo:a2a:tasks:v1': { priority: 'high' } }, {}] }),
  ];
  const ids = ['nothing', ended, asking, randomUUID()];
  return [
    ...sent.map((request) => ['send', request] as const),
    ...combined({ id: ids, historyLength: [undefined, -1, 0, 1] }).map((request) => ['get', request] as const),
    ...combined({
      pageSize: [undefined, 0, 1, 100, 101, -1],
      status: [undefined, 'TASK_STATE_COMPLETED'],
      pageToken: [undefined, 'x'],
      historyLength: [undefined, -1, 2],
      includeArtifacts: [undefined, true],
    }).map((request) => ['list', request] as const),
    ...combined({ id: ids }).map((request) => ['cancel', request] as const),
    ...combined({
      taskId: ids,
      url: ['https://example.com/hook', 'ftp://example.com', 'nowhere', 'https://me:pw@example.com'],
    }).map((request) => ['push', request] as const),
  ];
}

/** A new id for each time that it is sent: the same message would be the same task. */
function fresh(json: object): object {
  return JSON.parse(JSON.stringify(json).replaceAll('"messageId":"new"', `"messageId":"${randomUUID()}"`)) as object;
}

function learnt(error: unknown, details: unknown): Learnt {
  const { reason, metadata } = (details ?? {}) as Record<string, unknown>;
  return { reason, metadata: metadata ?? {}, message: at(error, 'message') };
}

function shown(answer: unknown): Learnt {
  const tasks = at(answer, 'tasks');
  if (Array.isArray(tasks)) return { tasks: tasks.length };
  const task = at(answer, 'task') ?? at(answer, 'payload', 'value') ?? answer;
  const parts = at(task, 'artifacts', 0, 'parts');
  return { parts: Array.isArray(parts) ? parts.length : 0, url: at(answer, 'url') };
}

async function overAll(name: keyof typeof operations, request: object): Promise<readonly Learnt[]> {
  const { rpc, grpc, codec, rest } = operations[name] as Operation;
  // As Protocol Buffers carry it.
  const json = (): object => codec.toJSON(codec.fromJSON(fresh(request)) as never) as object;
  const byRpc = await callRpc(echo, rpc, json());
  const [method, path, body] = rest(json() as never);
  const headers = { 'a2a-version': '1.0' };
  const byRest = await call(method, echo + path, { headers, ...(body === undefined ? {} : { body }) });
  const byGrpc = await callGrpc(client, grpc, { ...codec.fromJSON(fresh(request)), tenant: 'function/echo' });
  return [
    at(byRpc.body, 'error') === undefined
      ? shown(at(byRpc.body, 'result'))
      : learnt(at(byRpc.body, 'error'), at(byRpc.body, 'error', 'data', 0)),
    byRest.status < 400 ? shown(byRest.body) : learnt(at(byRest.body, 'error'), at(byRest.body, 'error', 'details', 0)),
    byGrpc.code === 'OK' ? shown(byGrpc.answer) : learnt(byGrpc, byGrpc.info),
  ];
}

it('the bindings answer alike', async () => {
  const all = requests();
  expect(all.length).toBeGreaterThanOrEqual(200);
  const different: unknown[] = [];
  const reasons = new Set<unknown>();
  for (const [name, request] of all) {
    const [byRpc, byRest, byGrpc] = await overAll(name, request);
    const same = [byRest, byGrpc].every((other) => JSON.stringify(other) === JSON.stringify(byRpc));
    reasons.add(byRpc?.['reason']);
    if (!same) different.push({ name, request, byRpc, byRest, byGrpc });
  }
  expect(different).toEqual([]);
  expect(reasons).toEqual(
    new Set([
      'CONTENT_TYPE_NOT_SUPPORTED',
      'INVALID_PARAMS',
      'TASK_NOT_CANCELABLE',
      'TASK_NOT_FOUND',
      'UNSUPPORTED_OPERATION',
      undefined,
    ]),
  );
});
