/** What browsers are told to be careful about, on every answer of the stand-alone server; and which other sites may call it. */
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { RequestHandler } from 'express';
import type { Config } from './config.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const TEN_MINUTES_SECONDS = 600;

/**
 * Nothing but what comes from here, no script but files, in nobody's frame. Styles may be inline: component libraries
 * write them, and they run nothing. `publicUrl` with https has browsers stay with https. The console fetches tokens at
 * the issuer where people sign in there.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl' | 'consoleSignIn'>): RequestHandler {
  const { publicUrl, consoleSignIn } = config;
  const issuer = consoleSignIn === undefined ? [] : [new URL(consoleSignIn.issuer).origin];
  const headers: readonly (readonly [name: string, value: string])[] = [
    ['Content-Security-Policy', contentSecurityPolicy(issuer)],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Origin-Agent-Cluster', '?1'],
    ['Referrer-Policy', 'no-referrer'],
    ...(publicUrl?.startsWith('https:') === true
      ? ([['Strict-Transport-Security', `max-age=${YEAR_SECONDS}`]] as const)
      : []),
    ['X-Content-Type-Options', 'nosniff'],
    ['X-DNS-Prefetch-Control', 'off'],
    ['X-Download-Options', 'noopen'],
    ['X-Frame-Options', 'DENY'],
    ['X-Permitted-Cross-Domain-Policies', 'none'],
    ['X-XSS-Protection', '0'],
  ];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function contentSecurityPolicy(issuer: readonly string[]): string {
  const directives = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...issuer],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join(';');
}

/** Credentials are in a header that a page has to set itself: there is no cookie that a browser could add. */
export function corsFor(origins: readonly string[]): CorsOptions {
  return {
    origin: [...origins],
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'A2A-Extensions',
      'Content-Disposition',
      'ETag',
      'Location',
      'Retry-After',
      'Upload-Complete',
      'Upload-Limit',
      'Upload-Offset',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: TEN_MINUTES_SECONDS,
  };
}
