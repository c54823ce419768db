/** How the ownership walk visits each method of JSON-RPC, of both versions. */
import { randomUUID } from 'node:crypto';
import type { Scope } from '../../src/platform/caller.js';
import { HOOK, type World } from './strangers.js';
import { list, message, now, oldNow, one, own, rpc, type Visit } from './visits.js';

type ToParams = (world: World) => object;

/** A method of version 1.0, whose params name the tenant. */
const named = (
  visit: (scope: Scope, toQuestion: Visit['call']) => Visit,
  scope: Scope,
  method: string,
  params: ToParams,
) => ({
  ...visit(scope, (world, tenant) => rpc(method, { ...params(world), tenant })),
  namesTenant: true,
});
/** A method of version 0.3. */
const old = (scope: Scope, method: string, params: ToParams): Visit =>
  one(scope, (world) => rpc(method, params(world), {}));

const oldRpcMessage = ({ taskId }: World) => ({
  kind: 'message',
  messageId: randomUUID(),
  role: 'user',
  taskId,
  parts: [{ kind: 'text', text: 'more' }],
});
const theTask: ToParams = ({ taskId }) => ({ id: taskId });

/** Every method of JSON-RPC, of both versions. */
export const rpcVisits: Readonly<Record<string, Visit>> = {
  SendMessage: named(one, 'write', 'SendMessage', (world) => ({ message: message(world), ...now })),
  SendStreamingMessage: named(one, 'write', 'SendStreamingMessage', (world) => ({ message: message(world) })),
  GetTask: named(one, 'read', 'GetTask', theTask),
  ListTasks: named(list, 'read', 'ListTasks', ({ sessionId }) => ({ contextId: sessionId })),
  CancelTask: named(one, 'write', 'CancelTask', theTask),
  SubscribeToTask: named(one, 'read', 'SubscribeToTask', theTask),
  CreateTaskPushNotificationConfig: named(one, 'write', 'CreateTaskPushNotificationConfig', ({ taskId }) => ({
    taskId,
    id: 'other',
    url: HOOK,
  })),
  GetTaskPushNotificationConfig: named(one, 'read', 'GetTaskPushNotificationConfig', ({ taskId }) => ({
    taskId,
    id: 'watch',
  })),
  ListTaskPushNotificationConfigs: named(one, 'read', 'ListTaskPushNotificationConfigs', ({ taskId }) => ({ taskId })),
  DeleteTaskPushNotificationConfig: named(one, 'write', 'DeleteTaskPushNotificationConfig', ({ taskId }) => ({
    taskId,
    id: 'watch',
  })),
  GetExtendedAgentCard: named(own, 'read', 'GetExtendedAgentCard', () => ({})),
  'message/send': old('write', 'message/send', (world) => ({ message: oldRpcMessage(world), ...oldNow })),
  'message/stream': old('write', 'message/stream', (world) => ({ message: oldRpcMessage(world) })),
  'tasks/get': old('read', 'tasks/get', theTask),
  'tasks/cancel': old('write', 'tasks/cancel', theTask),
  'tasks/resubscribe': old('read', 'tasks/resubscribe', theTask),
  'tasks/pushNotificationConfig/set': old('write', 'tasks/pushNotificationConfig/set', ({ taskId }) => ({
    taskId,
    pushNotificationConfig: { id: 'other', url: HOOK },
  })),
  'tasks/pushNotificationConfig/get': old('read', 'tasks/pushNotificationConfig/get', ({ taskId }) => ({
    id: taskId,
    pushNotificationConfigId: 'watch',
  })),
  'tasks/pushNotificationConfig/list': old('read', 'tasks/pushNotificationConfig/list', theTask),
  'tasks/pushNotificationConfig/delete': old('write', 'tasks/pushNotificationConfig/delete', ({ taskId }) => ({
    id: taskId,
    pushNotificationConfigId: 'watch',
  })),
  'agent/getAuthenticatedExtendedCard': own('read', () => rpc('agent/getAuthenticatedExtendedCard', undefined, {})),
};
