/** The refresh token of a client whose authorization server replaces it with each use: the newest, whoever has got it. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { McpOAuth } from '@continuo/agent/internal/platform/mcp-server.js';
import { Seal } from '../../../platform/sealed.js';

/** Longer than it takes to get a token, with all that has to be looked up for it. */
const LEASE_MS = 60_000;
const LOOK_MS = 200;

/** Where tokens are kept for all processes. */
export interface TokenStore {
  /** For the caller alone, until it gives it back or `ms` have passed; undefined while it is another's. */
  lease(id: string, ms: number): Promise<{ readonly token: string | undefined } | undefined>;
  giveBack(id: string, token: string | undefined): Promise<void>;
}

/**
 * What is kept is sealed with the token that is configured: who has another one configured begins with that, and the
 * database alone tells nobody anything.
 */
export class KeptToken {
  readonly #seal: Seal;

  constructor(
    { clientId, clientSecret, tokenUrl, issuer, refreshToken }: McpOAuth,
    private readonly store: TokenStore,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {
    const all = [clientId, clientSecret, tokenUrl, issuer, refreshToken];
    this.#seal = new Seal(JSON.stringify(all), 'continuo refresh token');
  }

  /**
   * Does `work` with the newest token, undefined where the configured one is it, while nobody else uses it; keeps the one
   * that it gives. Two that used one at once would look like a thief and the client.
   */
  async used(work: (newest: string | undefined) => Promise<string | undefined>): Promise<void> {
    const { id } = this.#seal;
    const { token } = await this.#leased(id);
    let next: string | undefined;
    try {
      const newest = token === undefined ? undefined : this.#seal.opened(token);
      const got = await work(newest);
      if (got !== undefined && got !== newest) next = this.#seal.sealed(got);
    } finally {
      await this.store.giveBack(id, next);
    }
  }

  async #leased(id: string): Promise<{ readonly token: string | undefined }> {
    for (let waited = 0; waited <= LEASE_MS; waited += LOOK_MS) {
      const leased = await this.store.lease(id, LEASE_MS);
      if (leased !== undefined) return leased;
      await this.clock.sleep(LOOK_MS);
    }
    throw new Error('Other processes use the refresh token all the time.');
  }
}
