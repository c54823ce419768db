/** How the ownership walk visits each route and each method of JSON-RPC: what it asks for, and what that needs. */
import { randomUUID } from 'node:crypto';
import type { Scope } from '../../src/platform/caller.js';
import { call } from './http-calls.js';
import { HOOK, noted, type Client, type Question, type World } from './strangers.js';

export interface Visit {
  /**
   * `public`: for everybody. `own`: makes or shows what is the caller's, and takes no id. `list`: shows the owner what
   * strangers don't find in it. `one`: asks for one thing, which isn't there for strangers.
   */
  readonly kind: 'public' | 'own' | 'list' | 'one';
  readonly scope: Scope;
  /** `tenant` is for those that name one. */
  readonly call: (world: World, tenant: string) => Question;
  readonly namesTenant?: boolean;
  /** What the owner does first. */
  readonly before?: (owner: Client, world: World) => Promise<unknown>;
}

const AGENT = '/agents/:type/:name';
const agent = '/agents/test/waiting';
const v1 = { 'a2a-version': '1.0' };
const FROM_THE_BEGINNING = { 'last-event-id': '0-0.00000000-0000-0000-0000-000000000000.0' };

const everybody = (path: string): Visit => ({ kind: 'public', scope: 'read', call: () => ({ method: 'GET', path }) });
export const one = (scope: Scope, toQuestion: Visit['call']): Visit => ({ kind: 'one', scope, call: toQuestion });
export const list = (scope: Scope, toQuestion: Visit['call']): Visit => ({ kind: 'list', scope, call: toQuestion });
export const own = (scope: Scope, toQuestion: Visit['call']): Visit => ({ kind: 'own', scope, call: toQuestion });
export const get = (path: (world: World) => string, headers = {}) => {
  return (world: World): Question => ({ method: 'GET', path: path(world), headers });
};
const shown = (path: string) => get(() => path);
export const post = (path: (world: World) => string, body?: (world: World) => unknown) => {
  return (world: World): Question => ({ method: 'POST', path: path(world), body: body?.(world) ?? {} });
};
const canceled = (owner: Client, { taskId }: World): Promise<unknown> =>
  call('POST', `${owner.url}/tasks/${taskId}:cancel`, { headers: owner.headers });

export const message = ({ taskId }: World) => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  taskId,
  parts: [{ text: 'more' }],
});
export const now = { configuration: { returnImmediately: true } };

/** A2A's REST, each path with a tenant and without. */
const restPaths: Readonly<Record<string, Visit>> = {
  'POST /message\\:send': one(
    'write',
    post(
      () => '/message:send',
      (world) => ({ message: message(world), ...now }),
    ),
  ),
  'POST /message\\:stream': one(
    'write',
    post(
      () => '/message:stream',
      (world) => ({ message: message(world) }),
    ),
  ),
  'GET /tasks/:taskId': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}`),
  ),
  'POST /tasks/:taskId\\:cancel': one(
    'write',
    post(({ taskId }) => `/tasks/${taskId}:cancel`),
  ),
  'ALL /tasks/:taskId\\:subscribe': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}:subscribe`),
  ),
  'GET /tasks/:taskId\\:subscribe': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}:subscribe`),
  ),
  'POST /tasks/:taskId\\:subscribe': one(
    'read',
    post(({ taskId }) => `/tasks/${taskId}:subscribe`),
  ),
  'GET /tasks': list(
    'read',
    get(({ sessionId }) => `/tasks?contextId=${sessionId}`),
  ),
  'GET /extendedAgentCard': own(
    'read',
    get(() => '/extendedAgentCard'),
  ),
  'POST /tasks/:taskId/pushNotificationConfigs': one(
    'write',
    post(
      ({ taskId }) => `/tasks/${taskId}/pushNotificationConfigs`,
      () => ({ id: 'other', url: HOOK }),
    ),
  ),
  'GET /tasks/:taskId/pushNotificationConfigs': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/pushNotificationConfigs`),
  ),
  'GET /tasks/:taskId/pushNotificationConfigs/:configId': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/pushNotificationConfigs/watch`),
  ),
  'DELETE /tasks/:taskId/pushNotificationConfigs/:configId': one('write', ({ taskId }) => ({
    method: 'DELETE',
    path: `/tasks/${taskId}/pushNotificationConfigs/watch`,
  })),
};

function rest(): Readonly<Record<string, Visit>> {
  const both = Object.entries(restPaths).flatMap(([route, visit]) => {
    const under =
      (prefix: (tenant: string) => string): Visit['call'] =>
      (world, tenant) => {
        const question = visit.call(world, tenant);
        return { ...question, path: `${agent}${prefix(tenant)}${question.path}`, headers: v1 };
      };
    const plain: Visit = { ...visit, call: under(() => '') };
    const named: Visit = { ...visit, call: under((tenant) => `/${tenant}`), namesTenant: true };
    return [
      [route.replace(' ', ` ${AGENT}`), plain],
      [route.replace(' ', ` ${AGENT}/:tenant`), named],
    ] as const;
  });
  return Object.fromEntries(both);
}

const oldMessage = ({ taskId }: World) => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  taskId,
  content: [{ text: 'more' }],
});
const oldWatch = ({ taskId }: World) => ({
  name: `tasks/${taskId}/pushNotificationConfigs/other`,
  pushNotificationConfig: { id: 'other', url: HOOK },
});
export const oldNow = { configuration: { blocking: false } };

/** The REST of version 0.3. */
const oldRest: Readonly<Record<string, Visit>> = {
  [`GET ${AGENT}/v1/card`]: own(
    'read',
    get(() => `${agent}/v1/card`),
  ),
  [`POST ${AGENT}/v1/message\\:send`]: one(
    'write',
    post(
      () => `${agent}/v1/message:send`,
      (world) => ({ message: oldMessage(world), ...oldNow }),
    ),
  ),
  [`POST ${AGENT}/v1/message\\:stream`]: one(
    'write',
    post(
      () => `${agent}/v1/message:stream`,
      (world) => ({ message: oldMessage(world) }),
    ),
  ),
  [`GET ${AGENT}/v1/tasks/:taskId`]: one(
    'read',
    get(({ taskId }) => `${agent}/v1/tasks/${taskId}`),
  ),
  [`POST ${AGENT}/v1/tasks/:taskId\\:cancel`]: one(
    'write',
    post(({ taskId }) => `${agent}/v1/tasks/${taskId}:cancel`),
  ),
  [`GET ${AGENT}/v1/tasks/:taskId\\:subscribe`]: one(
    'read',
    get(({ taskId }) => `${agent}/v1/tasks/${taskId}:subscribe`),
  ),
  [`POST ${AGENT}/v1/tasks/:taskId\\:subscribe`]: one(
    'read',
    post(({ taskId }) => `${agent}/v1/tasks/${taskId}:subscribe`),
  ),
  [`POST ${AGENT}/v1/tasks/:taskId/pushNotificationConfigs`]: one(
    'write',
    post(({ taskId }) => `${agent}/v1/tasks/${taskId}/pushNotificationConfigs`, oldWatch),
  ),
  [`GET ${AGENT}/v1/tasks/:taskId/pushNotificationConfigs`]: one(
    'read',
    get(({ taskId }) => `${agent}/v1/tasks/${taskId}/pushNotificationConfigs`),
  ),
  [`GET ${AGENT}/v1/tasks/:taskId/pushNotificationConfigs/:configId`]: one(
    'read',
    get(({ taskId }) => `${agent}/v1/tasks/${taskId}/pushNotificationConfigs/watch`),
  ),
  [`DELETE ${AGENT}/v1/tasks/:taskId/pushNotificationConfigs/:configId`]: one('write', ({ taskId }) => ({
    method: 'DELETE',
    path: `${agent}/v1/tasks/${taskId}/pushNotificationConfigs/watch`,
  })),
};

const api: Readonly<Record<string, Visit>> = {
  'GET /healthz': everybody('/healthz'),
  'GET /readyz': everybody('/readyz'),
  'GET /openapi.json': everybody('/openapi.json'),
  'GET /sign-in-options': everybody('/sign-in-options'),
  'GET /caller': own('read', shown('/caller')),
  'GET /.well-known/agent-card.json': everybody('/.well-known/agent-card.json'),
  [`GET ${AGENT}/.well-known/agent-card.json`]: everybody(`${agent}/.well-known/agent-card.json`),
  'GET /.well-known/agent.json': everybody('/.well-known/agent.json'),
  [`GET ${AGENT}/.well-known/agent.json`]: everybody(`${agent}/.well-known/agent.json`),
  'GET /.well-known/jwks.json': everybody('/.well-known/jwks.json'),
  'GET /.well-known/ai-catalog.json': everybody('/.well-known/ai-catalog.json'),
  'GET /agents': own('read', shown('/agents')),
  [`POST ${AGENT}`]: one('read', ({ taskId }) => rpc('GetTask', { id: taskId })),
  [`POST ${AGENT}/tasks`]: one(
    'write',
    post(
      () => `${agent}/tasks`,
      ({ sessionId }) => ({ message: 'wait', sessionId }),
    ),
  ),
  [`GET ${AGENT}/tasks`]: list(
    'read',
    get(({ sessionId }) => `${agent}/tasks?sessionId=${sessionId}`),
  ),
  [`DELETE ${AGENT}/tasks/:id`]: one('write', ({ taskId }) => ({ method: 'DELETE', path: `${agent}/tasks/${taskId}` })),
  'GET /tasks': list(
    'read',
    get(({ sessionId }) => `/tasks?sessionId=${sessionId}`),
  ),
  'GET /tasks/counts': own('read', shown('/tasks/counts')),
  'GET /tasks/events': list(
    'read',
    get(() => '/tasks/events', FROM_THE_BEGINNING),
  ),
  'GET /tasks/:id': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}`),
  ),
  'DELETE /tasks/:id': {
    ...one('write', ({ taskId }) => ({ method: 'DELETE', path: `/tasks/${taskId}` })),
    before: canceled,
  },
  'GET /tasks/:id/events': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/events`),
  ),
  'GET /tasks/:id/artifacts/:artifactId': {
    ...one(
      'read',
      get(({ taskId }) => `/tasks/${taskId}/artifacts/note`),
    ),
    before: noted,
  },
  'POST /tasks/:id\\:cancel': one(
    'write',
    post(({ taskId }) => `/tasks/${taskId}:cancel`),
  ),
  'POST /tasks/:id\\:retry': {
    ...one(
      'write',
      post(({ taskId }) => `/tasks/${taskId}:retry`),
    ),
    before: canceled,
  },
  'GET /usage': own('read', shown('/usage')),
  'GET /sessions': list(
    'read',
    get(() => '/sessions?q=secret'),
  ),
  'POST /sessions': own(
    'write',
    post(() => '/sessions'),
  ),
  'GET /sessions/:id': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}`),
  ),
  'PATCH /sessions/:id': one('write', ({ sessionId }) => ({
    method: 'PATCH',
    path: `/sessions/${sessionId}`,
    body: { title: 'taken' },
  })),
  'DELETE /sessions/:id': one('write', ({ sessionId }) => ({ method: 'DELETE', path: `/sessions/${sessionId}` })),
  'GET /sessions/:id/shares': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}/shares`),
  ),
  'POST /sessions/:id/shares': one(
    'write',
    post(
      ({ sessionId }) => `/sessions/${sessionId}/shares`,
      () => ({ owner: 'carol', access: 'write' }),
    ),
  ),
  'DELETE /sessions/:id/shares/:owner': one('write', ({ sessionId }) => ({
    method: 'DELETE',
    path: `/sessions/${sessionId}/shares/carol`,
  })),
  'POST /sessions/:id\\:fork': one(
    'write',
    post(({ sessionId }) => `/sessions/${sessionId}:fork`),
  ),
  'POST /sessions/:id\\:title': one(
    'write',
    post(({ sessionId }) => `/sessions/${sessionId}:title`),
  ),
  'GET /sessions/:id/state': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}/state`),
  ),
  'PATCH /sessions/:id/state': one('write', ({ sessionId }) => ({
    method: 'PATCH',
    path: `/sessions/${sessionId}/state`,
    body: { mine: true },
  })),
  'GET /sessions/:id/messages': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}/messages`),
  ),
  'GET /sessions/:id/events': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}/events`),
  ),
  'GET /sessions/:id/export': one(
    'read',
    get(({ sessionId }) => `/sessions/${sessionId}/export`),
  ),
  'GET /keys': list(
    'admin',
    get(() => '/keys'),
  ),
  'POST /keys': own(
    'admin',
    post(
      () => '/keys',
      () => ({ owner: 'x', scopes: ['read'] }),
    ),
  ),
  'DELETE /keys/:id': one('admin', ({ keyId }) => ({ method: 'DELETE', path: `/keys/${keyId}` })),
};

/** Every route but those of files, memories, traces and webhooks, as the server's tables write it. */
export const visits: Readonly<Record<string, Visit>> = { ...api, ...rest(), ...oldRest };

export function rpc(method: string, params: unknown, headers: Readonly<Record<string, string>> = v1): Question {
  return { method: 'POST', path: agent, headers, body: { jsonrpc: '2.0', id: 1, method, params } };
}
