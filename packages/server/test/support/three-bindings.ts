/** The same request over the three bindings of A2A, and what its client learns over each. */
import { randomUUID } from 'node:crypto';
import {
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { callGrpc, outcomeOf, streamGrpc, type Outcome } from './grpc-calls.js';
import { at, call, callRpc } from './http-calls.js';

const AGENT = 'function/echo';

/** What a client learns, whatever the binding: of an answer its state or size, of a refusal all. */
type Learnt = Readonly<Record<string, unknown>>;

interface Codec {
  fromJSON(json: unknown): object;
  toJSON(request: never): unknown;
}

export type OperationName =
  | 'send'
  | 'stream'
  | 'get'
  | 'list'
  | 'cancel'
  | 'subscribe'
  | 'push'
  | 'pushed'
  | 'pushes'
  | 'unpush';

interface Operation {
  readonly rpc: string;
  readonly grpc: string;
  readonly codec: Codec;
  readonly rest: (json: never) => readonly [method: string, path: string, body?: unknown];
  readonly streams?: true;
}

function query(json: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(json)) search.set(name, String(value));
  return `?${search.toString()}`;
}

interface OfTask {
  readonly id: string;
}

interface OfConfig extends OfTask {
  readonly taskId: string;
}

const segment = encodeURIComponent;
const configPath = ({ taskId, id }: OfConfig): string =>
  `/tasks/${segment(taskId)}/pushNotificationConfigs/${segment(id)}`;

const operations: Readonly<Record<OperationName, Operation>> = {
  send: {
    rpc: 'SendMessage',
    grpc: 'sendMessage',
    codec: SendMessageRequest,
    rest: (json) => ['POST', '/message:send', json],
  },
  stream: {
    rpc: 'SendStreamingMessage',
    grpc: 'sendStreamingMessage',
    codec: SendMessageRequest,
    rest: (json) => ['POST', '/message:stream', json],
    streams: true,
  },
  get: {
    rpc: 'GetTask',
    grpc: 'getTask',
    codec: GetTaskRequest,
    rest: ({ id, ...others }: OfTask) => ['GET', `/tasks/${segment(id)}${query(others)}`],
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
    rest: ({ id, ...others }: OfTask) => ['POST', `/tasks/${segment(id)}:cancel`, others],
  },
  subscribe: {
    rpc: 'SubscribeToTask',
    grpc: 'subscribeToTask',
    codec: SubscribeToTaskRequest,
    rest: ({ id }: OfTask) => ['GET', `/tasks/${segment(id)}:subscribe`],
    streams: true,
  },
  push: {
    rpc: 'CreateTaskPushNotificationConfig',
    grpc: 'createTaskPushNotificationConfig',
    codec: TaskPushNotificationConfig,
    rest: ({ taskId, ...others }: OfConfig) => ['POST', `/tasks/${segment(taskId)}/pushNotificationConfigs`, others],
  },
  pushed: {
    rpc: 'GetTaskPushNotificationConfig',
    grpc: 'getTaskPushNotificationConfig',
    codec: GetTaskPushNotificationConfigRequest,
    rest: (json: OfConfig) => ['GET', configPath(json)],
  },
  pushes: {
    rpc: 'ListTaskPushNotificationConfigs',
    grpc: 'listTaskPushNotificationConfigs',
    codec: ListTaskPushNotificationConfigsRequest,
    rest: ({ taskId }: OfConfig) => ['GET', `/tasks/${segment(taskId)}/pushNotificationConfigs`],
  },
  unpush: {
    rpc: 'DeleteTaskPushNotificationConfig',
    grpc: 'deleteTaskPushNotificationConfig',
    codec: DeleteTaskPushNotificationConfigRequest,
    rest: (json: OfConfig) => ['DELETE', configPath(json)],
  },
};

/** `function/echo` of a server, as both of its clients reach it. */
export interface Reached {
  readonly url: string;
  readonly client: Client;
}

/** `JSON` sends what `request` says; `protobuf`, what Protocol Buffers carry of it, which know no empty fields. */
export async function overAll(
  { url, client }: Reached,
  name: OperationName,
  request: object,
  as: 'JSON' | 'protobuf',
): Promise<readonly [byRpc: Learnt, byRest: Learnt, byGrpc: Learnt]> {
  const { rpc, grpc, codec, rest, streams } = operations[name];
  const json = (): object =>
    as === 'JSON' ? fresh(request) : (codec.toJSON(codec.fromJSON(fresh(request)) as never) as object);
  const agent = `${url}/agents/${AGENT}`;
  const byRpc = await callRpc(agent, rpc, json());
  const [method, path, body] = rest(json() as never);
  const headers = { 'a2a-version': '1.0' };
  const byRest = await call(method, agent + path, { headers, ...(body === undefined ? {} : { body }) });
  const ask = streams === true ? firstOf : callGrpc;
  const byGrpc = await ask(client, grpc, { ...codec.fromJSON(fresh(request)), tenant: AGENT });
  return [
    at(byRpc.body, 'error') === undefined
      ? shown(at(byRpc.body, 'result'))
      : learnt(at(byRpc.body, 'error'), at(byRpc.body, 'error', 'data', 0)),
    byRest.status < 400 ? shown(byRest.body) : learnt(at(byRest.body, 'error'), at(byRest.body, 'error', 'details', 0)),
    byGrpc.code === 'OK' ? shown(byGrpc.answer) : learnt(byGrpc, byGrpc.info),
  ];
}

/** How a stream begins. */
async function firstOf(client: Client, method: string, request: unknown): Promise<Outcome> {
  const stream = streamGrpc(client, method, request);
  return new Promise((resolve) => {
    stream.once('error', (error: ServiceError) => resolve(outcomeOf(error)));
    stream.once('data', () => stream.cancel());
  });
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
