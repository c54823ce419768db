/** The routes that A2A's bindings over HTTP have for every agent: the SDK's router has them, too, but only for one agent. */
const ROOT = '/agents/:type/:name';
const CONFIGS = '/tasks/:taskId/pushNotificationConfigs';
/** What the SDK answers, once it has been checked. */
export const answeredBySdk = [
  ['get', '/extendedAgentCard', 'GetExtendedAgentCard'],
  ['get', '/tasks', 'ListTasks'],
  ['get', '/tasks/:taskId', 'GetTask'],
  ['post', '/tasks/:taskId\\:cancel', 'CancelTask'],
  ['post', CONFIGS, 'CreateTaskPushNotificationConfig'],
  ['get', CONFIGS, 'ListTaskPushNotificationConfigs'],
  ['get', `${CONFIGS}/:configId`, 'GetTaskPushNotificationConfig'],
  ['delete', `${CONFIGS}/:configId`, 'DeleteTaskPushNotificationConfig'],
] as const;

/** Those of 1.0 are there below a tenant as well (section 11.3). */
const current = [
  'POST /message\\:send',
  'POST /message\\:stream',
  'GET /tasks/:taskId\\:subscribe',
  'POST /tasks/:taskId\\:subscribe',
  ...answeredBySdk.map(([method, path]) => `${method.toUpperCase()} ${path}`),
];

/** Of version 0.3. */
const old = [
  'GET /v1/card',
  'POST /v1/message\\:send',
  'POST /v1/message\\:stream',
  'GET /v1/tasks/:taskId',
  'POST /v1/tasks/:taskId\\:cancel',
  'GET /v1/tasks/:taskId\\:subscribe',
  'POST /v1/tasks/:taskId\\:subscribe',
  'GET /v1/tasks/:taskId/pushNotificationConfigs',
  'POST /v1/tasks/:taskId/pushNotificationConfigs',
  'GET /v1/tasks/:taskId/pushNotificationConfigs/:configId',
  'DELETE /v1/tasks/:taskId/pushNotificationConfigs/:configId',
];

/** Each as `POST /agents/:type/:name`, with paths as Express has them. */
export const agentRoutes: readonly string[] = [
  `POST ${ROOT}`,
  ...[...current, ...current.map((route) => route.replace(' ', ' /:tenant')), ...old].map((route) =>
    route.replace(' ', ` ${ROOT}`),
  ),
];
