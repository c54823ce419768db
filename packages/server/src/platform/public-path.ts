/** The path of CONTINUO_PUBLIC_URL, which a proxy has put in front of the server's own. */
import type { RequestHandler } from 'express';

/** What the server's own paths begin with: a request for them is never taken for one that has the prefix still. */
const OWN = /^\/(agents|tasks|sessions|statistics|webhooks|keys|caller|console|healthz|readyz|\.well-known)(\/|$)/i;

/** `/agents-api` of `https://example.com/agents-api`; empty without a path. */
export function publicPath(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
}

/**
 * Takes the prefix off where a proxy has left it on, so that it may do either. A prefix that begins like one of the server's
 * own paths (`/agents`) is never taken off: there the proxy has to do it.
 */
export function withoutPrefix(publicUrl: string | undefined): RequestHandler {
  const prefix = publicPath(publicUrl);
  return (request, _response, next) => {
    const { url } = request;
    const rest = url.slice(prefix.length);
    if (prefix !== '' && !OWN.test(prefix) && url.startsWith(prefix) && /^([/?]|$)/.test(rest)) {
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
    }
    next();
  };
}
