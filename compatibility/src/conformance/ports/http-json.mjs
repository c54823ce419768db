/** A2A over HTTP+JSON (section 11). */
import { Fault } from './fault.mjs';
import { eventsOf, headOf, isStream, jsonOf, request } from './http.mjs';

const part = (id = '') => encodeURIComponent(id);

/** Method, path, and which parameters are not in the path, for each operation (section 5.3). */
const routes = {
  SendMessage: (params) => ['POST', '/message:send', params],
  SendStreamingMessage: (params) => ['POST', '/message:stream', params],
  GetTask: ({ id, ...rest }) => ['GET', `/tasks/${part(id)}`, rest],
  ListTasks: (params) => ['GET', '/tasks', params],
  CancelTask: ({ id, ...rest }) => ['POST', `/tasks/${part(id)}:cancel`, rest],
  SubscribeToTask: ({ id, ...rest }) => ['POST', `/tasks/${part(id)}:subscribe`, rest],
  CreateTaskPushNotificationConfig: ({ taskId, ...rest }) => ['POST', configsOf(taskId), rest],
  ListTaskPushNotificationConfigs: ({ taskId, ...rest }) => ['GET', configsOf(taskId), rest],
  GetTaskPushNotificationConfig: ({ taskId, id, ...rest }) => ['GET', `${configsOf(taskId)}/${part(id)}`, rest],
  DeleteTaskPushNotificationConfig: ({ taskId, id, ...rest }) => ['DELETE', `${configsOf(taskId)}/${part(id)}`, rest],
  GetExtendedAgentCard: (params) => ['GET', '/extendedAgentCard', params],
};

const configsOf = (taskId) => `/tasks/${part(taskId)}/pushNotificationConfigs`;

export function httpJsonPort({ url, tenant, headers: own }) {
  const base = url.replace(/\/$/, '') + (tenant ? `/${encodeURIComponent(tenant)}` : '');
  /** Any request below the agent's address, to be looked at as it came. */
  const http = (method, path, { body, headers = {}, signal } = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/a2a+json' };
    const all = { ...type, 'a2a-version': '1.0', ...own, ...headers };
    return request(method, base + path, { body, headers: all, signal });
  };
  const send = (operation, params = {}, options) => {
    const [method, path, rest] = routes[operation](params);
    if (method === 'POST') return http(method, path, { ...options, body: rest });
    const query = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)])).toString();
    return http(method, query === '' ? path : `${path}?${query}`, options);
  };
  const refused = async (response) => {
    const body = await jsonOf(response);
    const { message = '', details } = body?.error ?? {};
    const { status } = response;
    return new Fault({ code: status, message, details, status, head: headOf(response), body });
  };
  return {
    binding: 'HTTP+JSON',
    http,
    async call(operation, params, options = {}) {
      const response = await send(operation, params, options);
      options.onHead?.(headOf(response));
      if (!response.ok) throw await refused(response);
      return jsonOf(response);
    },
    async *stream(operation, params, options = {}) {
      const response = await send(operation, params, options);
      options.onHead?.(headOf(response));
      if (!response.ok) throw await refused(response);
      if (!isStream(response)) throw new Error('expected a stream of server-sent events, got one answer');
      yield* eventsOf(response);
    },
    close() {},
  };
}
