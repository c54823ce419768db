/** Counts requests over HTTP by their route, and what their answers took; event streams, which last as long as their readers, are counted alone. */
import type { RequestHandler } from 'express';
import { stopwatch } from '../request-log.js';
import { isEventStream } from '../sse.js';
import { routeOf } from '../telemetry/request-spans.js';
import type { Metrics } from './metrics.js';

/** What was refused before it found its place. */
const NOWHERE = 'none';
/** As nginx calls a request whose client has gone before there was an answer. */
const CLIENT_GONE = '499';

export function requestMetrics({ record }: Metrics): RequestHandler {
  return (request, response, next) => {
    const elapsed = stopwatch();
    response.once('close', () => {
      const route = routeOf(request) ?? NOWHERE;
      const status = response.headersSent ? String(response.statusCode) : CLIENT_GONE;
      record.requests({ method: request.method, route, status });
      if (!isEventStream(response)) record.requestDuration({ route }, elapsed() / 1_000);
    });
    next();
  };
}
