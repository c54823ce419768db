/** Where the plain API and A2A share paths: which of them a request is for. */
import type { Request } from 'express';

/** As Express takes them. */
const LIST = /^\/tasks\/?$/i;
const ONE = /^\/tasks\/[^/]+\/?$/i;

/**
 * `path`: below the agent's address, written as it may be. `/tasks` without a tenant is the API's for whoever doesn't say that
 * he speaks A2A: the API serves more there than A2A's ListTasks, and asks for no extensions. So is `DELETE /tasks/:id`.
 */
export function isPlainEndpoint(request: Pick<Request, 'method' | 'get'>, path: string): boolean {
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  const isList = LIST.test(path) && (!reads || (request.get('a2a-version') ?? '') === '');
  return isList || (method === 'DELETE' && ONE.test(path));
}
