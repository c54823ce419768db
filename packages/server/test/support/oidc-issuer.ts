/** An OpenID Connect issuer on loopback with real keys, which can be rotated: discovery, public keys, tokens, sign-in. */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { signInEndpoints, type SignIns } from './oidc-sign-in.js';
import { onLoopback } from './on-loopback.js';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export interface Issuer {
  readonly url: string;
  /** Signed with the newest key; `claims` come over the usual ones: iss, aud `continuo`, an hour to live. */
  token(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** From now on signs with a new key, and shows that one alone. */
  rotate(alg: string): Promise<void>;
  /** What it shows to everybody, as text. */
  publicKeys(): string;
  readonly signIns: SignIns;
  /** From now on answers `path` with `status`; undefined: as it should. */
  fail(path: string, status: number | undefined): void;
  /** How often it was asked for `path`. */
  asked(path: string): number;
}

async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const kid = randomUUID();
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export async function startIssuer(): Promise<Issuer> {
  let key = await newKey('RS256');
  const publicKeys = (): string => JSON.stringify({ keys: [key.jwk] });
  const token = (claims: Readonly<Record<string, unknown>>): Promise<string> =>
    new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: key.alg, kid: key.kid }).sign(key.privateKey);
  const signIns: SignIns = { claims: { sub: 'ada' }, lifetimeSeconds: 3_600, refusal: undefined, grants: [] };
  const signIn = signInEndpoints(signIns, token);
  const failures = new Map<string, number>();
  const visits = new Map<string, number>();
  const show = (path: string | undefined, response: ServerResponse): void => {
    visits.set(path ?? '', (visits.get(path ?? '') ?? 0) + 1);
    const body =
      path === '/keys'
        ? publicKeys()
        : path === '/.well-known/openid-configuration'
          ? JSON.stringify({
              issuer: url,
              jwks_uri: `${url}/keys`,
              authorization_endpoint: `${url}/authorize`,
              token_endpoint: `${url}/token`,
            })
          : undefined;
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    response.writeHead(failures.get(path ?? '') ?? (body === undefined ? 404 : 200), headers).end(body);
  };
  const server = createServer((request, response) => {
    void signIn(request, response).then((done) => (done ? undefined : show(request.url, response)));
  });
  const url = await onLoopback(server);

  const seconds = Math.floor(new Date().getTime() / 1000);
  const usual = { iss: url, aud: 'continuo', iat: seconds, exp: seconds + 3600 };
  return {
    url,
    publicKeys,
    signIns,
    token,
    fail: (path, status) => void (status === undefined ? failures.delete(path) : failures.set(path, status)),
    asked: (path) => visits.get(path) ?? 0,
    rotate: async (alg) => {
      key = await newKey(alg);
    },
  };
}
