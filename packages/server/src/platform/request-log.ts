/** Gives every request an id and logs it when it is over: method, path, status, duration; never bodies or credentials. */
import { pinoHttp, type HttpLogger } from 'pino-http';
import { newId } from './ids.js';
import type { Log } from './log.js';

const ACCEPTED_ID = /^[\w.:-]{1,128}$/;

/** The client's `X-Request-Id`, where it is one, or a new id; it goes back in the response. */
export function requestLog(log: Log): HttpLogger {
  return pinoHttp({
    logger: log,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && ACCEPTED_ID.test(given) ? given : newId();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        // Without the query: clients put what they will there, tokens too.
        path: request.url.split('?', 1)[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
    customLogLevel: (_request, response, error) => {
      if (error !== undefined || response.statusCode >= 500) return 'warn';
      return 'debug';
    },
  });
}
