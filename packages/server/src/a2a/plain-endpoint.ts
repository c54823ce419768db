/** Where the plain API and A2A share paths: which of them a request is for. */
import type { Request } from 'express';

/**
 * `path`: below the agent's address, written as it may be. `/tasks` without a tenant is the API's for whoever doesn't say that
 * he speaks A2A: the API serves more there than A2A's ListTasks, and asks for no extensions. So is `DELETE /tasks/:id`.
 */
export function isPlainEndpoint(request: Pick<Request, 'method' | 'get'>, path: string): boolean {
  const { method } = request;
  // Express takes both, and other cases.
  const plain = path.toLowerCase().replace(/\/$/, '');
  const reads = method === 'GET' || method === 'HEAD';
  const isList = plain === '/tasks' && (!reads || (request.get('a2a-version') ?? '') === '');
  return isList || (method === 'DELETE' && /^\/tasks\/[^/]+$/.test(plain));
}
