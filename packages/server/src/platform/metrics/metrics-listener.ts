/** `CONTINUO_METRICS_PORT`: the metrics on a port of their own, for a Prometheus that has no key. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { listenError, portOf } from '../listening.js';
import type { Log } from '../log.js';
import { ensureInstalled } from '../optional-parts.js';
import { METRICS_TYPE, type MetricsPage } from './metrics-page.js';

interface ListenerParts {
  readonly page: MetricsPage;
  readonly port: number;
  readonly host: string;
  /** What is wrong with where a request goes or comes from. */
  readonly refused: (request: IncomingMessage) => Error | undefined;
  readonly log: Log;
}

/** Who scrapes is quick. */
const IDLE_MS = 30_000;

export class MetricsListener {
  #server: Server | undefined;

  /** Throws CONFIG_INVALID where it can't be listened on, and PACKAGE_MISSING. */
  async start({ page, port, host, refused, log }: ListenerParts): Promise<void> {
    ensureInstalled('metrics', 'CONTINUO_METRICS_PORT');
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const path = request.url?.split('?', 1)[0];
      const wrong = refused(request);
      if (wrong !== undefined) return end(response, 403, wrong.message);
      if (path !== '/metrics') return end(response, 404, 'The metrics are at /metrics.');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        return end(response, 405, 'The metrics can be read only.');
      }
      response.setHeader('Content-Type', METRICS_TYPE).end(await page.text());
    };
    this.#server = createServer({ requestTimeout: IDLE_MS }, (request, response) => {
      request.resume();
      answer(request, response).catch((error: unknown) => {
        log.warn({ err: messageOf(error) }, 'metrics could not be told');
        if (!response.headersSent) end(response, 500, 'Something failed that should not; the log says what.');
      });
    });
    try {
      this.#server.listen(port, host);
      await once(this.#server, 'listening');
    } catch (error) {
      throw listenError(error, port, host, 'CONTINUO_METRICS_PORT');
    }
    log.info({ port: portOf(this.#server, port) }, 'metrics are served');
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8').end(`${text}\n`);
}
