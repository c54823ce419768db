/** What somebody else makes of a signed card: the official SDK's verifier, with the keys that the card's server publishes. */
import { verifyAgentCardSignature, type AgentCard } from '@a2a-js/sdk';
import { decodeProtectedHeader, type JWK } from 'jose';
import { at, call, textAt } from './http-calls.js';

/** The protected header of the card's first signature. */
export function headerOf(card: unknown) {
  return decodeProtectedHeader({ protected: textAt(card, 'signatures', 0, 'protected') });
}

export async function publishedKeys(url: string): Promise<readonly JWK[]> {
  const { body } = await call('GET', `${url}/.well-known/jwks.json`);
  const keys = at(body, 'keys');
  return Array.isArray(keys) ? keys : [];
}

/** Throws for a card that none of `keys` has signed as it is. */
export async function verify(card: unknown, keys: readonly JWK[]): Promise<void> {
  const find = (kid: string): Promise<JWK> => {
    const key = keys.find((one) => one.kid === kid);
    return key === undefined ? Promise.reject(new Error(`no key ${kid}`)) : Promise.resolve(key);
  };
  await verifyAgentCardSignature(find)(structuredClone(card) as AgentCard);
}
