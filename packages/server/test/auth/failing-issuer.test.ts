/** An issuer that fails is left alone for a while: tokens that nobody has signed can't have the server call it at will. */
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { tokensFrom, type Tokens } from '../../src/auth/tokens.js';
import { loadConfig } from '../../src/platform/config.js';
import { startIssuer, type Issuer } from '../support/oidc-issuer.js';

const KEYS = '/keys';
const DISCOVERY = '/.well-known/openid-configuration';

async function start(): Promise<{ issuer: Issuer; tokens: Tokens; readonly later: (ms: number) => void }> {
  const issuer = await startIssuer();
  let passed = 0;
  const clock: Pick<Clock, 'now'> = { now: () => new Date(Date.now() + passed) };
  const config = loadConfig({
    CONTINUO_AUTH: 'jwt',
    CONTINUO_JWT_ISSUER: issuer.url,
    CONTINUO_JWT_AUDIENCE: 'continuo',
  });
  const tokens = tokensFrom(config, { sleep: () => Promise.resolve(), ...clock });
  if (tokens === undefined) throw new Error('no tokens without the scheme jwt');
  return { issuer, tokens, later: (ms) => void (passed += ms) };
}

/** Of a key that the issuer doesn't have. */
const forged = (kid: string): Promise<string> =>
  new SignJWT({ sub: 'eve' }).setProtectedHeader({ alg: 'HS256', kid }).sign(new Uint8Array(32)).then(asRsa);

function asRsa(token: string): string {
  const [header = '', ...rest] = token.split('.');
  const said = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  return [Buffer.from(JSON.stringify({ ...said, alg: 'RS256' })).toString('base64url'), ...rest].join('.');
}

const codeOf = (token: string, tokens: Tokens): Promise<unknown> =>
  tokens.principalOf(token).then(
    () => 'let in',
    (error: unknown) => (error as { readonly code: unknown }).code,
  );

it.each([KEYS, DISCOVERY])('%s that fails is not asked again for every token', async (path) => {
  const { issuer, tokens, later } = await start();
  issuer.fail(path, 500);
  for (let n = 0; n < 100; n += 1) expect(await codeOf(await forged(`kid-${n}`), tokens)).toBe('UNAVAILABLE');
  expect(issuer.asked(path)).toBe(1);
  issuer.fail(path, undefined);
  later(5_000);
  expect(await codeOf(await issuer.token({ sub: 'ada' }), tokens)).toBe('let in');
  expect(issuer.asked(path)).toBe(2);
});

it('a key that is known goes on opening while others cannot be had', async () => {
  const { issuer, tokens } = await start();
  const token = await issuer.token({ sub: 'ada' });
  expect(await codeOf(token, tokens)).toBe('let in');
  issuer.fail(KEYS, 500);
  for (let n = 0; n < 100; n += 1) await codeOf(await forged(`kid-${n}`), tokens);
  expect(await codeOf(token, tokens)).toBe('let in');
  expect(issuer.asked(KEYS)).toBeLessThanOrEqual(2);
});
