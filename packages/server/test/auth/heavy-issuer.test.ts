/** An issuer that answers with many small values is not read. */
import { createServer } from 'node:http';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Tokens } from '../../src/auth/tokens.js';
import { onLoopback } from '../support/on-loopback.js';

const many = `[${'{},'.repeat(300_000)}{}]`;

const issuer = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const discovery = { issuer: url, jwks_uri: `${url}/keys` };
  response.end(
    request.url === '/keys' ? `{"keys":${many}}` : JSON.stringify(discovery).replace('}', `,"more":${many}}`),
  );
});
const url = await onLoopback(issuer);

it.each([
  ['its discovery document', undefined],
  ['its keys', `${url}/keys`],
])('%s', async (_, jwksUrl) => {
  const options = { issuer: url, audience: 'continuo', jwksUrl, ownerClaim: 'sub', tenantClaim: undefined, scopes: [] };
  const token = await new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'HS256', kid: '1' })
    .sign(new Uint8Array(32));
  const refused = token.replace(/^[^.]+/, Buffer.from('{"alg":"RS256","kid":"1"}').toString('base64url'));
  const error: unknown = await new Tokens(options, systemClock).principalOf(refused).catch((thrown: unknown) => thrown);
  expect(causes(error)).toContain(`The answer of ${url} is not read: at most 10000 values are taken.`);
});

function causes(error: unknown): readonly string[] {
  return error instanceof Error ? [error.message, ...causes(error.cause)] : [];
}
