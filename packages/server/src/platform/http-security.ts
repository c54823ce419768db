/** What browsers are told to be careful about, on every answer of the stand-alone server; and which other sites may call it. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from './config.js';

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const TEN_MINUTES_SECONDS = 600;

/**
 * Nothing but what comes from here, no script but files, in nobody's frame. Styles may be inline: component libraries
 * write them, and they run nothing. `publicUrl` with https has browsers stay with https. The console fetches tokens at
 * the issuer where people sign in there. What helmet says is the same for every request, so it is asked once.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl' | 'consoleSignIn'>): RequestHandler {
  const { publicUrl, consoleSignIn } = config;
  const issuer = consoleSignIn === undefined ? [] : [new URL(consoleSignIn.issuer).origin];
  const headers = headersSetBy(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'", ...issuer],
          manifestSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      frameguard: { action: 'deny' },
      strictTransportSecurity:
        publicUrl?.startsWith('https:') === true ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    }),
  );
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

type HeaderValue = number | string | readonly string[];
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** What a handler sets on each answer, whatever the request is. */
function headersSetBy(handler: Handler): readonly (readonly [name: string, value: HeaderValue])[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const headers = new Map<string, HeaderValue>();
  response.setHeader = (name, value) => {
    headers.set(name, value);
    return response;
  };
  handler(request, response, () => undefined);
  return [...headers];
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
