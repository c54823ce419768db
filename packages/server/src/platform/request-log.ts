/** Gives every request an id and logs it when it is over: method, path, status, duration; never bodies or credentials. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Log } from './log.js';

const ACCEPTED_ID = /^[\w.:-]{1,128}$/;

/** A request or response as whoever handles it may know it. */
type Logged = { id?: unknown; log?: Log };

/**
 * The client's `X-Request-Id`, where it is one, or a new id; it goes back in the response. `request.log` and `response.log`
 * are made for whoever asks for them. Requests are logged at `debug`, those that the server failed at `warn`.
 */
export function requestLog(log: Log) {
  return (request: IncomingMessage & Logged, response: ServerResponse & Logged, next: () => void): void => {
    const elapsed = stopwatch();
    const id = (request.id ??= idOf(request, response));
    const { method, url = '' } = request;
    const own = whenAsked(() => log.child({ req: toLine(id, method, url) }));
    request.log ??= own;
    response.log ??= own;

    let isOver = false;
    const over = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      const { statusCode, headersSent } = response;
      const failure = error ?? (statusCode < 500 ? undefined : new Error(`failed with status code ${statusCode}`));
      if (failure === undefined && !log.isLevelEnabled('debug')) return;
      const line = {
        req: toLine(id, method, url),
        res: { status: headersSent ? statusCode : null },
        ...(failure !== undefined && { err: failure }),
        responseTime: Math.round(elapsed()),
      };
      if (failure !== undefined) log.warn(line, 'request errored');
      else
        log.debug(line, response.writableEnded && !request.readableAborted ? 'request completed' : 'request aborted');
    };
    response.on('close', over);
    response.on('error', over);
    next();
  };
}

/** Milliseconds from now on. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => performance.now() - begun;
}

/** The id that a client has given its request, where it may, or a new one. */
export function requestId(given: unknown): string {
  return typeof given === 'string' && ACCEPTED_ID.test(given) ? given : newId();
}

function idOf({ headers }: IncomingMessage, response: ServerResponse): string {
  const id = requestId(headers['x-request-id']);
  response.setHeader('X-Request-Id', id);
  return id;
}

/** Without the query: clients put what they will there, tokens too. */
function toLine(id: unknown, method: string | undefined, url: string) {
  return { id, method, path: url.split('?', 1)[0] };
}

/** As it is made when something of it is first asked for. An accessor of a request's own would make all that Node does with it slower. */
function whenAsked(make: () => Log): Log {
  let made: Log | undefined;
  const log = (): Log => (made ??= make());
  return new Proxy({} as Log, {
    get: (_target, name) => Reflect.get(log(), name) as unknown,
    set: (_target, name, value) => Reflect.set(log(), name, value),
    has: (_target, name) => Reflect.has(log(), name),
  });
}
