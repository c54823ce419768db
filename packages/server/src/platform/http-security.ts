/** What browsers are told to be careful about, on every answer of Continuo's; and which other sites may call the stand-alone server. */
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { RequestHandler } from 'express';
import type { Config } from './config.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const TEN_MINUTES_SECONDS = 600;
const POLICY = 'Content-Security-Policy';

/**
 * Nothing but what comes from here, no script but files, in nobody's frame. Styles may be inline: component libraries
 * write them, and they run nothing. `publicUrl` with https has browsers stay with https. The console fetches tokens at
 * the issuer where people sign in there.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl' | 'consoleSignIn'>): RequestHandler {
  const { publicUrl } = config;
  const isSecure = publicUrl?.startsWith('https:') === true;
  const headers: readonly Header[] = [
    ...headersOf(config),
    ...(isSecure ? ([['Strict-Transport-Security', `max-age=${YEAR_SECONDS}`]] as const) : []),
  ];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/**
 * The same for Continuo's answers in an application: what that has said itself stays, and whether browsers stay with https
 * is for it to say, as that holds for all of its pages.
 */
export function securityHeadersUnsaid(config: Pick<Config, 'consoleSignIn'>): RequestHandler {
  const headers = headersOf(config);
  return (_request, response, next) => {
    for (const [name, value] of headers) if (!response.hasHeader(name)) response.setHeader(name, value);
    next();
  };
}

/** What the console's pages need whatever the application allows its own. */
export function consolePolicy(config: Pick<Config, 'consoleSignIn'>): RequestHandler {
  const policy = contentSecurityPolicy(config);
  return (_request, response, next) => {
    response.setHeader(POLICY, policy);
    next();
  };
}

type Header = readonly [name: string, value: string];

function headersOf(config: Pick<Config, 'consoleSignIn'>): readonly Header[] {
  return [
    [POLICY, contentSecurityPolicy(config)],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Origin-Agent-Cluster', '?1'],
    ['Referrer-Policy', 'no-referrer'],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-DNS-Prefetch-Control', 'off'],
    ['X-Download-Options', 'noopen'],
    ['X-Frame-Options', 'DENY'],
    ['X-Permitted-Cross-Domain-Policies', 'none'],
    ['X-XSS-Protection', '0'],
  ];
}

function contentSecurityPolicy({ consoleSignIn }: Pick<Config, 'consoleSignIn'>): string {
  const issuer = consoleSignIn === undefined ? [] : [new URL(consoleSignIn.issuer).origin];
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
      'Last-Event-ID',
      'Location',
      'Mcp-Session-Id',
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
