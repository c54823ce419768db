/** Handlers that every request passes, put together into one: a router asks each of its handlers whether a path is theirs. */
import type { Request, RequestHandler } from 'express';

/** One after the other; an error that one passes on passes by those behind it. */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  const last: RequestHandler = (_request, _response, next) => next();
  return handlers.reduceRight<RequestHandler>(
    (rest, handler) => (request, response, next) =>
      handler(request, response, (error?: unknown) => {
        if (error === undefined || error === null) void rest(request, response, next);
        else next(error);
      }),
    last,
  );
}

/** Whether a path is one of `paths` or below one, which Express would match in the same way. */
export function pathsBelow(paths: readonly string[]): (path: string) => boolean {
  const alternatives = paths.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(`^(?:${alternatives.join('|')})(?:/|$)`, 'i');
  return (path) => pattern.test(path);
}

/** `handler` for the requests below one of `paths`. */
export function below(paths: readonly string[], handler: RequestHandler): RequestHandler {
  const isBelow = pathsBelow(paths);
  return (request: Request, response, next) => (isBelow(request.path) ? void handler(request, response, next) : next());
}
