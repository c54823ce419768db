/** Hears from Continuo which tasks ask something: deliveries of a webhook, each verified by the token that the server has signed. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { StreamResponse } from '@continuo/client';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** Where Continuo tells of questions. */
export interface WebhookOptions {
  /** Where Continuo reaches the listener: `https://mail.example.com/continuo`, or plain HTTP for a server without authentication. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface HeardFrom extends WebhookOptions {
  /** Of Continuo, without a slash at its end. */
  readonly server: string;
  /** Resolves when the event is dealt with for good; what it throws has Continuo send the event again later. */
  readonly hear: (event: StreamResponse) => Promise<void>;
  readonly log: (line: string) => void;
}

/** Events are cut at 2 MiB by the server. */
const MOST_BYTES = 4 * 1024 * 1024;

class Refused extends Error {
  constructor(readonly status: number) {
    super();
  }
}

/** Resolves when it listens; gives what ends it. */
export async function listenForEvents(options: HeardFrom): Promise<() => Promise<void>> {
  const { url, host, port, server, hear, log } = options;
  const keys = createRemoteJWKSet(new URL(`${server}/.well-known/jwks.json`));
  const listener = createServer((request, response) => {
    const answer = (status: number, text = ''): void => void response.writeHead(status).end(text);
    eventIn(request)
      .then(hear)
      .then(() => answer(204))
      .catch((error: unknown) => {
        if (error instanceof Refused) return answer(error.status);
        const why = error instanceof Error ? error.message : '';
        log(`An event could not be dealt with, Continuo will send it again: ${why}`);
        answer(503, why);
      });
  });
  listener.listen(port, host);
  await once(listener, 'listening');
  return async () => {
    listener.close();
    listener.closeIdleConnections();
    await once(listener, 'close');
  };

  async function eventIn(request: IncomingMessage): Promise<StreamResponse> {
    if (request.method !== 'POST' || request.url !== pathOf(url)) throw new Refused(404);
    if (!(Number(request.headers['content-length'] ?? MOST_BYTES + 1) <= MOST_BYTES)) throw new Refused(413);
    const body = await buffer(request);
    const token = String(request.headers['continuo-jwt']);
    const said = await jwtVerify(token, keys, { audience: url, maxTokenAge: '5m', clockTolerance: 30 }).catch(
      (error: unknown) => {
        // Whose keys can't be read right now may come again.
        const isWrong = error instanceof Error && 'code' in error && /^ERR_(JWT|JWS|JOSE_ALG)/.test(String(error.code));
        throw isWrong ? new Refused(401) : new Error('The keys of the server could not be read.');
      },
    );
    const isItsBody = said.payload['request_body_sha256'] === createHash('sha256').update(body).digest('hex');
    if (!isItsBody) throw new Refused(401);
    return JSON.parse(body.toString()) as StreamResponse;
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
