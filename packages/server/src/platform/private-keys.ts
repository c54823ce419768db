/** What CONTINUO_SIGNING_KEYS says: private keys, each as a JWK with its algorithm. */
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { jsonSetting } from './json-setting.js';

/** A private key that signs with `alg`. */
export type PrivateKey = JWK & { readonly alg: string };

export const KEYS_FORM = 'private keys as a JWK, a JWK set ({"keys":[…]}) or PEM (PKCS #8), the first of which signs';

const PEM = /-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g;
const FEWEST_RSA_BITS = 2048;
const curves: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};
const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

const own = z.object({ kid: z.string().min(1).max(256).optional(), alg: z.string().optional() });
const jwkSet = z.object({ keys: z.array(z.unknown()).min(1) });

/** Throws an Error that shows nothing of a key. */
export function parsePrivateKeys(text: string): readonly PrivateKey[] {
  if (text.trim() === '') return [];
  const keys = text.trim().startsWith('{') ? fromJson(text) : fromPem(text.replaceAll(String.raw`\n`, '\n'));
  const kids = keys.flatMap(({ kid }) => kid ?? []);
  if (new Set(kids).size < kids.length) throw new Error('two keys have the same kid');
  return keys;
}

function fromJson(text: string): readonly PrivateKey[] {
  const given = jsonSetting(text, 'it begins with { but is no JSON');
  const { data } = jwkSet.safeParse(given);
  return (data?.keys ?? [given]).map((jwk, index) => {
    const { data: about } = own.safeParse(jwk);
    const key = jwk as JsonWebKey;
    return toPrivateKey(
      attempt(() => createPrivateKey({ key, format: 'jwk' }), index),
      about,
    );
  });
}

function fromPem(text: string): readonly PrivateKey[] {
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) throw new Error('it holds neither JSON nor PEM');
  return blocks.map((block, index) => toPrivateKey(attempt(() => createPrivateKey(block), index)));
}

/** OpenSSL's own message might show a piece of the key. */
function attempt(make: () => KeyObject, index: number): KeyObject {
  try {
    return make();
  } catch {
    throw new Error(`key ${index + 1} can't be read as a private key`);
  }
}

function toPrivateKey(key: KeyObject, about?: z.output<typeof own>): PrivateKey {
  const jwk = key.export({ format: 'jwk' }) as JWK;
  const alg = jwk.kty === 'RSA' ? rsaAlgorithm(key, about?.alg) : curves[jwk.crv ?? ''];
  if (alg === undefined) {
    throw new Error(`a key must be EC (P-256, P-384, P-521), Ed25519 or RSA of ${FEWEST_RSA_BITS} bits and more`);
  }
  return { ...jwk, ...(about?.kid === undefined ? {} : { kid: about.kid }), alg };
}

function rsaAlgorithm({ asymmetricKeyDetails }: KeyObject, wanted = 'RS256'): string | undefined {
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= FEWEST_RSA_BITS && rsaAlgorithms.includes(wanted) ? wanted : undefined;
}
