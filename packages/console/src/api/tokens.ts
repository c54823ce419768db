/** The tokens that an issuer gave to this tab: they are kept while the tab is open, and never leave it but for the server. */
import type { SignInOptions } from '@continuo/client';

const NAME = 'continuo-tokens';

/** The issuer, and as whom the console asks it. */
export type Client = NonNullable<SignInOptions['openIdConnect']>;

export interface Tokens {
  readonly client: Client;
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** Milliseconds since 1970; undefined where the issuer doesn't say. */
  readonly expiresAt?: number | undefined;
}

export function readTokens(): Tokens | undefined {
  const kept = sessionStorage.getItem(NAME);
  return kept === null ? undefined : (JSON.parse(kept) as Tokens);
}

/** Undefined forgets them. */
export function storeTokens(tokens: Tokens | undefined): void {
  if (tokens === undefined) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, JSON.stringify(tokens));
}
