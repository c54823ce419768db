/** Whether a remote agent's card is signed by somebody who is trusted (A2A section 8.4.3), and what of it was signed. */
import { AgentCard, canonicalizeAgentCard } from '@a2a-js/sdk';
import {
  base64url,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  flattenedVerify,
  type FlattenedJWSInput,
  type FlattenedVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { canonicalJson } from '../../platform/canonical-json.js';
import type { TrustedCardKeys } from '../../platform/card-trust-settings.js';
import { countedBy, DOCUMENT_BOUNDS } from '../../platform/egress/counted-answers.js';
import type { Egress } from '../../platform/egress/egress.js';
import type { Log } from '../../platform/log.js';
import { isWrongSignature, signatureAlgorithms } from '../../platform/signatures.js';
import { REFUSED, RemoteRefusal } from './remote-errors.js';

/** More signatures than this are not looked at: each may cost a request. */
const MOST_SIGNATURES = 5;
const MOST_KEY_SETS = 100;
/** After how long a key that was withdrawn counts no more. */
const KEYS_MS = 300_000;
const COOLDOWN_MS = 5_000;

export interface CardTrustOptions {
  readonly policy: 'off' | 'warn' | 'require';
  /** Trusted for every agent. Default: none, so that only keys on an agent's own origin count. */
  readonly keys?: TrustedCardKeys;
  /** The way to keys. */
  readonly egress: Pick<Egress, 'fetch'>;
  readonly log?: Log;
}

const signedSchema = z.looseObject({
  signatures: z
    .array(z.object({ protected: z.string(), signature: z.string(), header: z.looseObject({}).optional() }))
    .min(1),
});

/** Nobody who is trusted has signed the card; the message says why. */
class Unsigned extends Error {}

/** What became of a look at a card's signatures; `required`: an agent without a trusted one is not called. */
export interface SignatureState {
  readonly state: 'trusted' | 'unsigned' | 'untrusted' | 'unknown';
  readonly required: boolean;
  readonly reason?: string;
}

export class CardTrust {
  readonly #sets = new Map<string, FlattenedVerifyGetKey>();
  /** What was said last of a card. */
  readonly #told = new Map<string, string>();

  constructor(private readonly options: CardTrustOptions) {}

  /**
   * The card to go by: of one whose signature counts, only what was signed. Throws RemoteRefusal where a signature is
   * required, and Error when the keys can't be had.
   */
  async checked(card: unknown, cardUrl: string): Promise<unknown> {
    const { policy } = this.options;
    if (policy === 'off') return card;
    try {
      const signed = await this.#verified(card, cardUrl);
      this.#told.delete(cardUrl);
      return signed;
    } catch (error) {
      if (policy === 'require') {
        if (!(error instanceof Unsigned)) throw error;
        throw new RemoteRefusal(REFUSED, `The remote agent is not called: ${error.message}.`);
      }
      this.#warn(cardUrl, messageOf(error));
      return card;
    }
  }

  /** How it stands with the card's signatures, whether they count here or not. Never throws. */
  async state(card: unknown, cardUrl: string): Promise<SignatureState> {
    const required = this.options.policy === 'require';
    try {
      if (signedSchema.safeParse(card).data === undefined) return { state: 'unsigned', required };
      await this.#verified(card, cardUrl);
      return { state: 'trusted', required };
    } catch (error) {
      const state = error instanceof Unsigned ? 'untrusted' : 'unknown';
      return { state, required, reason: messageOf(error) };
    }
  }

  async #verified(card: unknown, cardUrl: string): Promise<unknown> {
    const { data } = signedSchema.safeParse(card);
    if (data === undefined) throw new Unsigned('its card is not signed');
    const payloads = payloadsOf(data);
    let last: unknown = new Unsigned('its card is not signed');
    for (const signature of data.signatures.slice(0, MOST_SIGNATURES)) {
      try {
        for (const keys of this.#keySets(signature, cardUrl)) {
          for (const payload of payloads) {
            const found = await verified({ ...signature, payload: base64url.encode(payload) }, keys);
            if (found) return JSON.parse(payload);
          }
        }
        throw new Unsigned("no key that is trusted has made its card's signature");
      } catch (error) {
        // That keys can't be had now is the better reason: it may pass.
        if (last instanceof Unsigned) last = error;
      }
    }
    throw last;
  }

  /** `jku` is the card's own word: it is followed where the card itself lies, and to addresses that the operator has named. */
  #keySets(signature: { readonly protected: string }, cardUrl: string): readonly FlattenedVerifyGetKey[] {
    const { set, addresses } = this.options.keys ?? { set: { keys: [] }, addresses: [] };
    const { jku, kid } = headerOf(signature);
    if (kid === undefined) throw new Unsigned("its card's signature names no key");
    const isOwn = jku !== undefined && URL.canParse(jku) && new URL(jku).origin === new URL(cardUrl).origin;
    const local = set.keys.length === 0 ? [] : [createLocalJWKSet(set)];
    return [...local, ...addresses.map((address) => this.#remote(address)), ...(isOwn ? [this.#remote(jku)] : [])];
  }

  #remote(address: string): FlattenedVerifyGetKey {
    const known = this.#sets.get(address);
    if (known !== undefined) return known;
    if (this.#sets.size >= MOST_KEY_SETS) this.#sets.clear();
    const keys = createRemoteJWKSet(new URL(address), {
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_MS,
      [customFetch]: countedBy(this.options.egress, DOCUMENT_BOUNDS),
    });
    this.#sets.set(address, keys);
    return keys;
  }

  #warn(cardUrl: string, reason: string): void {
    if (this.#told.get(cardUrl) === reason) return;
    this.#told.set(cardUrl, reason);
    this.options.log?.warn(
      { card: cardUrl, reason },
      'the card of a remote agent is not signed by anybody who is trusted',
    );
  }
}

function headerOf(signature: { readonly protected: string }) {
  try {
    return decodeProtectedHeader(signature);
  } catch {
    throw new Unsigned("its card's signature can't be read");
  }
}

/** Whether one of `keys` has signed it. Throws when the keys can't be had. */
async function verified(signature: FlattenedJWSInput, keys: FlattenedVerifyGetKey): Promise<boolean> {
  try {
    await flattenedVerify(signature, keys, { algorithms: signatureAlgorithms });
    return true;
  } catch (error) {
    if (isWrongSignature(error)) return false;
    throw new Error(`the keys that verify its card can't be had: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * What may have been signed: the whole JSON, or the fields of A2A 1.0 without empty ones, as the official SDK has it, also of a
 * card that was an object of the SDK's, which loses the security schemes.
 */
function payloadsOf(signed: z.output<typeof signedSchema>): readonly string[] {
  const { signatures: _, ...card } = signed;
  const forms = [
    () => canonicalJson(card),
    () => canonicalizeAgentCard(card as unknown as AgentCard),
    () => canonicalizeAgentCard(AgentCard.fromJSON(card)),
  ];
  return [...new Set(forms.flatMap((form) => attempt(form)))];
}

/** Nothing for a card that the SDK can't read. */
function attempt(form: () => string): readonly string[] {
  try {
    return [form()];
  } catch {
    return [];
  }
}
