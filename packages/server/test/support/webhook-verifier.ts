/** What a receiver without a secret does: it knows where the sender's public keys are, and nothing else. As in docs/webhooks.md. */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

/** Throws for what the server at `origin` has not sent to `audience`, as it is, in the last five minutes. */
export async function verifyDelivery(
  origin: string,
  audience: string,
  { token, body }: { readonly token: unknown; readonly body: string },
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', origin));
  const { payload } = await jwtVerify(String(token), keys, { audience, maxTokenAge: '5m' });
  const sent = createHash('sha256').update(body).digest('hex');
  if (payload['request_body_sha256'] !== sent) throw new Error('the body is another one');
  return payload;
}
