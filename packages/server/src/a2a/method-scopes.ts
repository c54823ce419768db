/** What a caller must be allowed to do for each operation of A2A, as JSON-RPC (of both versions) and REST name them. */
import type { Request } from 'express';
import type { Scope } from '../platform/caller.js';

/** Methods that are not here are not served. */
export const methodScopes: ReadonlyMap<string, Scope> = new Map(
  Object.entries<Scope>({
    SendMessage: 'write',
    SendStreamingMessage: 'write',
    GetTask: 'read',
    ListTasks: 'read',
    CancelTask: 'write',
    SubscribeToTask: 'read',
    CreateTaskPushNotificationConfig: 'write',
    GetTaskPushNotificationConfig: 'read',
    ListTaskPushNotificationConfigs: 'read',
    DeleteTaskPushNotificationConfig: 'write',
    GetExtendedAgentCard: 'read',
    'message/send': 'write',
    'message/stream': 'write',
    'tasks/get': 'read',
    'tasks/cancel': 'write',
    'tasks/resubscribe': 'read',
    'tasks/pushNotificationConfig/set': 'write',
    'tasks/pushNotificationConfig/get': 'read',
    'tasks/pushNotificationConfig/list': 'read',
    'tasks/pushNotificationConfig/delete': 'write',
    'agent/getAuthenticatedExtendedCard': 'read',
  }),
);

/** Subscribing changes nothing, though it may be a POST. */
export function restScope({ method, path }: Pick<Request, 'method' | 'path'>): Scope {
  return method === 'GET' || method === 'HEAD' || path.endsWith(':subscribe') ? 'read' : 'write';
}
