/** A2A over JSON-RPC (section 9). */
import { Fault } from './fault.mjs';
import { eventsOf, headOf, isStream, jsonOf, request } from './http.mjs';

export function jsonRpcPort({ url, tenant, headers: own }) {
  /** Any body, to be looked at as it came. */
  const post = (body, { headers = {}, signal } = {}) => {
    const all = { 'content-type': 'application/json', 'a2a-version': '1.0', ...own, ...headers };
    return request('POST', url, { body, headers: all, signal });
  };
  const rpc = (method, params) => ({ jsonrpc: '2.0', id: 1, method, params: tenant ? { tenant, ...params } : params });
  const resultOf = (body, response) => {
    if (body?.error === undefined) return body?.result;
    const { code, message, data } = body.error;
    throw new Fault({ code, message, details: data, status: response.status, head: headOf(response), body });
  };
  return {
    binding: 'JSONRPC',
    post,
    async call(operation, params, options = {}) {
      const response = await post(rpc(operation, params), options);
      options.onHead?.(headOf(response));
      return resultOf(await jsonOf(response), response);
    },
    async *stream(operation, params, options = {}) {
      const response = await post(rpc(operation, params), options);
      options.onHead?.(headOf(response));
      if (!isStream(response)) {
        resultOf(await jsonOf(response), response);
        throw new Error('expected a stream of server-sent events, got one answer');
      }
      for await (const event of eventsOf(response)) yield resultOf(event, response);
    },
    close() {},
  };
}
