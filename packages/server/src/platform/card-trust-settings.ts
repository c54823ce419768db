/** What CONTINUO_CARD_KEYS says: whose signatures on cards of external agents count. */
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { jsonSetting } from './json-setting.js';
import { entriesOf, isTrusted } from './variable-kinds.js';

export interface TrustedCardKeys {
  readonly set: JSONWebKeySet;
  /** Of JWK sets. */
  readonly addresses: readonly string[];
}

export const CARD_KEYS_FORM = 'https:// addresses of JWK sets, separated by commas, or a JWK set: {"keys":[…]}';

const publicKey = z.looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']), kid: z.string().min(1) });
const jwkSet = z.object({ keys: z.array(publicKey).min(1) });

/** Throws an Error that says what is wrong. */
export function parseCardKeys(text: string): TrustedCardKeys {
  if (text.trim().startsWith('{')) return { set: parseSet(text), addresses: [] };
  const addresses = entriesOf(text);
  const wrong = addresses.find((address) => !isTrusted(address));
  if (wrong !== undefined) throw new Error(`${wrong} is no https:// address`);
  return { set: { keys: [] }, addresses: addresses.map((address) => new URL(address).href) };
}

function parseSet(text: string): JSONWebKeySet {
  const { data, error } = jwkSet.safeParse(jsonSetting(text, 'it begins with { but is no JSON'));
  if (data === undefined) throw new Error(z.prettifyError(error));
  if (data.keys.some((key) => 'd' in key)) throw new Error('it holds a private key: public ones are enough');
  return data;
}
