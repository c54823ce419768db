/** What OPTIONS answers: all methods that a path takes, whichever of our routers serve them. */
import { Router, type RequestHandler } from 'express';

/**
 * Answers OPTIONS for the paths of `routes`, each as `GET /tasks/:id`, with paths as Express has them, once `enter` has let
 * the caller in; passes on all the rest. Left to themselves, routers would answer with the methods that the first of them has alone.
 */
export function allowedMethods(routes: readonly string[], enter: RequestHandler): RequestHandler {
  const byPath = new Map<string, Set<string>>();
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    // Two routers may name the parameters of one path in their own ways.
    const shape = path.replaceAll(/(?<!\\):\w+/g, ':x');
    const methods = byPath.get(shape) ?? new Set();
    byPath.set(shape, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  const router = Router();
  for (const [path, methods] of [...byPath].toSorted(([a], [b]) => rankOf(a).localeCompare(rankOf(b)))) {
    const allow = [...methods].toSorted().join(', ');
    // As Express answers for a router of its own.
    router.options(distinct(path), enter, (_request, response) => {
      response.set('Allow', allow).type('txt').send(allow);
    });
  }
  return (request, response, next) => {
    if (request.method === 'OPTIONS') void router(request, response, next);
    else next();
  };
}

/** What says more of a path comes first: fixed names, then parameters with a verb behind them, then any. */
function rankOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (!segment.includes(':x') ? '0' : segment.includes('\\:') ? '1' : '2'))
    .join('');
}

/** Express wants each parameter under a name of its own. */
function distinct(path: string): string {
  let count = 0;
  return path.replaceAll(':x', () => `:x${(count += 1)}`);
}
