/** Which sessions are shown, as it stands in the address. */
import { saidInAddress } from '../said-in-address.js';

export interface SessionSearch {
  readonly q?: string | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toSessionSearch({ q }: Readonly<Record<string, unknown>>): SessionSearch {
  return { q: saidInAddress(q) };
}
