/** The HTTP server of the stand-alone server: how long requests may take to arrive, and how many connections there may be. */
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express } from 'express';
import { takesItsTime } from './body-chunks.js';
import type { Config } from './config.js';
import { connectionLimit } from './connection-limit.js';
import type { Log } from './log.js';

/** How often Node looks for requests that are late. */
const LOOK_MS = 1_000;
/** How long the rest of a body is taken whose request has been answered: a client that still sends reads no answer. */
const LINGER_MS = 2_000;

const BAD_REQUEST = '400 Bad Request';
const TIMED_OUT = '408 Request Timeout';
/** By the code of Node's error. */
const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: TIMED_OUT,
};

/** The part of the configuration that a server is made with: Node reads none of it later. */
export type HttpLimits = Pick<Config, 'requestTimeoutMs' | 'maxConnections'>;

/**
 * An Express application on a server that cuts off whoever takes longer than `requestTimeoutMs` to send a request, its
 * headers or its body, and whoever goes on sending one that was answered. Closing it cuts every connection.
 */
export class HttpAdapter extends ExpressAdapter {
  constructor(
    private readonly limits: HttpLimits,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    super();
  }

  override initHttpServer(): void {
    const { requestTimeoutMs, maxConnections } = this.limits;
    const app: Express = this.getInstance();
    const server = createServer(
      {
        ...classesOf(app),
        requestTimeout: requestTimeoutMs,
        // Node takes the longer of the two for the whole request.
        headersTimeout: requestTimeoutMs,
        connectionsCheckingInterval: Math.min(LOOK_MS, requestTimeoutMs),
      },
      app,
    );
    server.prependListener('request', cutOffUnread);
    server.on('clientError', refuseUnreadable);
    const admits = connectionLimit(maxConnections, this.log);
    server.prependListener('connection', (socket: Socket) => void admits(socket));
    this.httpServer = server;
  }

  override close(): Promise<unknown> | undefined {
    this.httpServer.closeAllConnections();
    return super.close();
  }
}

/**
 * Requests and responses that are Express's from the start. It makes Node's its own by another prototype otherwise, and what
 * has had that changed has a hidden class to itself: all that Node does with it then takes twice as long (docs/decisions/0092).
 */
function classesOf(app: Express) {
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse extends ServerResponse {}
  Object.assign(app, {
    request: Object.setPrototypeOf(ExpressRequest.prototype, app.request) as unknown,
    response: Object.setPrototypeOf(ExpressResponse.prototype, app.response) as unknown,
  });
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}

/** What Node does by itself, but for a body that may take longer than a request: whoever reads it limits its pauses. */
function refuseUnreadable(error: Error & { readonly code?: string }, stream: Duplex): void {
  const status = refusals[error.code ?? ''] ?? BAD_REQUEST;
  if (status === TIMED_OUT && stream instanceof Socket && takesItsTime(stream)) return;
  // As Node looks for it, too.
  const response: unknown = Reflect.get(stream, '_httpMessage');
  const isAnswered = response instanceof ServerResponse && response.headersSent;
  if (stream.writable && !isAnswered) stream.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  stream.destroy(error);
}

/** Whoever was refused, or asked for something that needs no body, has a moment to send the rest. */
function cutOffUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, LINGER_MS).unref();
  });
}
