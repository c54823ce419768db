/** Cards as they go out: signed (A2A section 8.4), with a tag that says whether they have changed. */
import { createHash } from 'node:crypto';
import { generateAgentCardSignature, type AgentCard, type AgentCardSignature } from '@a2a-js/sdk';
import type { SigningKeys } from '../auth/signing-keys.js';

export const JWKS_PATH = '/.well-known/jwks.json';
/** Signatures that are remembered: the same card needs no other. */
const MOST_KNOWN = 1_000;

export interface SignedCard {
  /** None for an address of which nobody knows whether it is ours. */
  readonly signatures: readonly AgentCardSignature[];
  /** Of the content: the same on all instances, whose signatures differ. */
  readonly etag: string;
}

export class SignedCards {
  readonly #known = new Map<string, readonly AgentCardSignature[]>();

  /** `names`: the hosts that cards may be signed for. Who asks says in `Host` which one he has come to. */
  constructor(
    private readonly keys: SigningKeys,
    private readonly names: readonly string[],
  ) {}

  /** `card` as JSON; what A2A 1.0 has no field for is not signed. */
  async sign(card: Readonly<Record<string, unknown>>, baseUrl: string): Promise<SignedCard> {
    const { kid, alg, key } = this.keys.signer();
    const digest = createHash('sha256').update(kid).update(JSON.stringify(card)).digest('base64url');
    const etag = `W/"${digest}"`;
    if (!this.names.includes(new URL(baseUrl).hostname)) return { signatures: [], etag };
    const known = this.#known.get(digest);
    if (known !== undefined) return { signatures: known, etag };
    const sign = generateAgentCardSignature(key, { alg, kid, typ: 'JOSE', jku: baseUrl + JWKS_PATH });
    const { signatures } = await sign(card as unknown as AgentCard);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(digest, signatures);
    return { signatures, etag };
  }
}
