/** The three bindings of A2A answer the same requests alike: the same answer, or the same reason, words and field. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { grpcClient, grpcOf } from '../support/grpc-calls.js';
import { at, callRpc } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { overAll, type OperationName, type Reached } from '../support/three-bindings.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let server: Reached;
/** Tasks that are there: one that has ended, and one that asks. */
let ended: string;
let asking: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const { url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_GRPC_PORT: '0' } });
  server = { url, client: grpcClient((await grpcOf(url, 'function/echo')).address) };
  const made = async (agent: string): Promise<string> => {
    const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] };
    const { body } = await callRpc(`${url}/agents/${agent}`, 'SendMessage', { message });
    return String(at(body, 'result', 'task', 'id'));
  };
  [ended, asking] = [await made('function/echo'), await made('test/asks-twice')];
});

/** Every combination of the values of each member; `undefined` leaves it out. */
function combined(members: Readonly<Record<string, readonly unknown[]>>): readonly object[] {
  return Object.entries(members).reduce<readonly object[]>(
    (all, [name, values]) =>
      all.flatMap((one) => values.map((value) => (value === undefined ? one : { ...one, [name]: value }))),
    [{}],
  );
}

/** Each member with its one value. */
function fixed(members: object): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, [value]]));
}

/** Some two hundred requests, most of which are wrong in one way or two. */
function requests(): readonly (readonly [OperationName, object])[] {
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

/** Where the bindings don't say the same of `all`, and the reasons that they gave. */
async function compared(all: readonly (readonly [OperationName, object])[], as: 'JSON' | 'protobuf') {
  const different: unknown[] = [];
  const reasons = new Set<unknown>();
  for (const [name, request] of all) {
    const [byRpc, byRest, byGrpc] = await overAll(server, name, request, as);
    const same = [byRest, byGrpc].every((other) => JSON.stringify(other) === JSON.stringify(byRpc));
    reasons.add(byRpc['reason']);
    if (!same) different.push({ name, request, byRpc, byRest, byGrpc });
  }
  return { different, reasons };
}

it('the bindings answer alike', async () => {
  const all = requests();
  expect(all.length).toBeGreaterThanOrEqual(200);
  const { different, reasons } = await compared(all, 'protobuf');
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

/** Requests whose texts are missing, empty or blank. A path has no empty segments: ids in it are blank only. */
function lacking(): readonly (readonly [OperationName, object])[] {
  const texts = [undefined, '', ' '];
  const message = { messageId: 'new', role: 'ROLE_USER', parts: [{ text: 'x' }] };
  const url = 'https://example.com/hook';
  const messages = [
    ...combined({ ...fixed(message), messageId: texts }),
    ...combined({ ...fixed(message), role: texts }),
    ...combined({ ...fixed(message), contextId: texts }),
    ...combined({ ...fixed(message), taskId: texts }),
    ...combined({ ...fixed(message), parts: ['', ' '].map((text) => [{ url: text }]) }),
    ...combined({ ...fixed(message), parts: [[{ raw: '' }]] }),
    ...combined({
      ...fixed(message),
      parts: ['', ' '].map((text) => [{ text: 'x', mediaType: text, filename: text }]),
    }),
  ];
  const configs = [
    ...combined({ url: texts }),
    ...combined({ url: [url], token: texts }),
    ...combined({ url: [url], id: texts }),
    ...combined({
      url: [url],
      authentication: [...combined({ scheme: texts }), ...combined({ scheme: ['Bearer'], credentials: texts })],
    }),
  ];
  const sent = [
    ...messages.map((each) => ({ message: each })),
    ...configs.map((taskPushNotificationConfig) => ({ message, configuration: { taskPushNotificationConfig } })),
  ];
  return [
    ...sent.map((request) => ['send', request] as const),
    ...combined({ ...fixed(message), messageId: [undefined, ''] }).map(
      (each) => ['stream', { message: each }] as const,
    ),
    ...(['get', 'cancel', 'subscribe'] as const).map((name) => [name, { id: ' ' }] as const),
    ...combined({ contextId: texts }).map((request) => ['list', request] as const),
    ...combined({ pageToken: texts }).map((request) => ['list', request] as const),
    ...combined({ status: ['', ' '] }).map((request) => ['list', request] as const),
    ...combined({ taskId: [ended, ' '] }).flatMap((task) =>
      configs.map((config) => ['push', { ...config, ...task }] as const),
    ),
    ['pushes', { taskId: ' ' }],
    ...(['pushed', 'unpush'] as const).flatMap((name) =>
      [
        { taskId: ended, id: ' ' },
        { taskId: ' ', id: 'x' },
      ].map((request) => [name, request] as const),
    ),
  ];
}

it('the bindings answer alike where texts are missing, empty or blank', async () => {
  const { different } = await compared(lacking(), 'JSON');
  expect(different).toEqual([]);
});
