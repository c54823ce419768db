/** A span for each request over HTTP, which continues the trace of its caller. */
import type { Request, RequestHandler, Response } from 'express';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { hostnameIn } from '../host-header.js';

const AGENT = /^\/agents\/[^/]+\/[^/]+/i;
const SERVER_ERROR = 500;

/** Handlers behind it are inside of the span, which ends with the answer. */
export const requestSpan: RequestHandler = (request, response, next) => {
  const traces = tracing();
  if (traces === undefined) {
    next();
    return;
  }
  const { method, httpVersion, headers } = request;
  const attributes = {
    'http.request.method': method,
    'url.scheme': request.protocol,
    'server.address': hostnameIn(headers.host ?? ''),
    'network.protocol.version': httpVersion,
    'user_agent.original': headers['user-agent'],
  };
  const span = traces.request({ name: method, kind: 'server', attributes }, (name) => request.get(name));
  if (span === undefined) {
    next();
    return;
  }
  response.once('close', () => {
    const route = routeOf(request);
    const { statusCode, headersSent } = response;
    if (route !== undefined) span.rename(`${method} ${route}`);
    span.set({ 'http.route': route, 'http.response.status_code': headersSent ? statusCode : undefined });
    if (statusCode >= SERVER_ERROR) span.fail(new HttpFailure(response));
    span.end();
  });
  span.within(next);
};

/** As it is served, without anybody's ids. Undefined for what was refused before it found its place. */
export function routeOf(request: Request): string | undefined {
  const { originalUrl, baseUrl } = request;
  const path = originalUrl.split('?', 1)[0] ?? '';
  const route: unknown = request.route?.path;
  const own = typeof route === 'string' ? route : Array.isArray(route) && typeof route[0] === 'string' ? route[0] : '';
  const below = own.replaceAll('\\', '').replace(/\/$/, '');
  const agent = AGENT.exec(path)?.[0];
  if (agent === undefined) return below === '' ? undefined : below;
  if (below.startsWith('/agents')) return below;
  return baseUrl === '' && below === '' && path.length > agent.length + 1 ? undefined : `/agents/:type/:name${below}`;
}

class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  constructor({ statusCode }: Response) {
    super(`The request was answered with ${statusCode}.`);
  }
}
