/** The part of an issuer where people sign in: it lets everybody in at once, hands out codes, and checks PKCE for real. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

type Claims = Readonly<Record<string, unknown>>;

/** Who signs in, and what comes of it; a test may change it at any time. */
export interface SignIns {
  claims: Claims;
  /** What the client is told of a token's life. */
  lifetimeSeconds: number;
  /** Refused at the door of the issuer, with this error. */
  refusal: string | undefined;
  /** The grants that were given, in order. */
  readonly grants: string[];
}

interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly clientId: string;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Answers with whether the request was one of its own. `sign` makes an access token. */
export function signInEndpoints(signIns: SignIns, sign: (claims: Claims) => Promise<string>): Handler {
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();

  function authorize(request: IncomingMessage, response: ServerResponse): void {
    const asked = new URL(request.url ?? '', 'http://issuer').searchParams;
    const given = (name: string): string => asked.get(name) ?? '';
    if (given('response_type') !== 'code' || given('code_challenge_method') !== 'S256' || given('state') === '') {
      response.writeHead(400).end('This is no authorization request with PKCE.');
      return;
    }
    const back = new URL(given('redirect_uri'));
    back.searchParams.set('state', given('state'));
    if (signIns.refusal === undefined) {
      const code = randomUUID();
      codes.set(code, {
        challenge: given('code_challenge'),
        redirectUri: given('redirect_uri'),
        clientId: given('client_id'),
      });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', signIns.refusal);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  function isCodeOf(form: URLSearchParams): boolean {
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return (
      code !== undefined &&
      code.challenge === challenge &&
      code.redirectUri === form.get('redirect_uri') &&
      code.clientId === form.get('client_id')
    );
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const grant = form.get('grant_type') ?? '';
    const held = grant === 'refresh_token' ? refreshTokens.delete(form.get('refresh_token') ?? '') : isCodeOf(form);
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    if (!held) {
      response.writeHead(400, headers).end(JSON.stringify({ error: 'invalid_grant' }));
      return;
    }
    signIns.grants.push(grant);
    const refreshToken = randomUUID();
    refreshTokens.add(refreshToken);
    const answer = {
      access_token: await sign(signIns.claims),
      token_type: 'Bearer',
      expires_in: signIns.lifetimeSeconds,
      refresh_token: refreshToken,
      // Of who has signed in, for the client alone.
      id_token: await sign({ sub: signIns.claims['sub'], aud: form.get('client_id') }),
    };
    response.writeHead(200, headers).end(JSON.stringify(answer));
  }

  return async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/authorize') authorize(request, response);
    else if (path === '/token') await token(request, response);
    else return false;
    return true;
  };
}
