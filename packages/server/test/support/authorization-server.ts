/** A local OAuth 2 authorization server that gives tokens for client credentials and for refresh tokens, which it replaces with each use. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from './on-loopback.js';

export interface AuthorizationServer {
  /** Its issuer. */
  readonly url: string;
  /** The bodies of the requests for tokens, in order, each with the headers `authorization` and `x-key` (as `key`). */
  readonly asked: readonly Readonly<Record<string, string>>[];
  /** Whether it is the token given out last, or one that is still as good. */
  knows(token: string | undefined): boolean;
  /** From now on no token is good that was given out before. */
  revoke(): void;
  /** From now on this refresh token is the one that is good. */
  issue(refreshToken: string): void;
  /** Whether it answers requests for tokens with 500. */
  fails: boolean;
}

export async function startAuthorizationServer(client: { readonly id: string; readonly secret: string }) {
  const asked: Record<string, string>[] = [];
  const tokens = new Set<string>();
  let refreshToken = 'refresh-token-0';
  let given = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    void text(request).then((body) => {
      if (request.url === '/.well-known/oauth-authorization-server') {
        return answer(200, {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          response_types_supported: ['code'],
        });
      }
      if (request.url !== '/token') return answer(404, {});
      if (running.fails) return answer(500, {});
      const { authorization = '' } = request.headers;
      const form = {
        ...Object.fromEntries(new URLSearchParams(body)),
        authorization,
        key: String(request.headers['x-key'] ?? ''),
      };
      asked.push(form);
      const credentials = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
      if (authorization !== credentials) {
        return answer(401, { error: 'invalid_client', error_description: `not ${authorization}` });
      }
      const { grant_type: grant, refresh_token: refresh } = form as Record<string, string>;
      if (grant === 'refresh_token' && refresh !== refreshToken) return answer(400, { error: 'invalid_grant' });
      given += 1;
      const token = `access-token-${given}`;
      tokens.add(token);
      if (grant === 'refresh_token') refreshToken = `refresh-token-${given}`;
      return answer(200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3600,
        ...(grant === 'refresh_token' ? { refresh_token: refreshToken } : {}),
      });
    });
  });
  const url = await onLoopback(server);
  const running: AuthorizationServer = {
    url,
    asked,
    knows: (token) => token !== undefined && tokens.has(token.replace('Bearer ', '')),
    revoke: () => tokens.clear(),
    issue: (token) => {
      refreshToken = token;
    },
    fails: false,
  };
  return running;
}
