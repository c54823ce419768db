/** With whom one speaks, and what one is about to say, as it stands in the address. */
import { saidInAddress } from '../said-in-address.js';

export interface ChatSearch {
  readonly agent?: string | undefined;
  readonly say?: string | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toChatSearch({ agent, say }: Readonly<Record<string, unknown>>): ChatSearch {
  return { agent: saidInAddress(agent), say: saidInAddress(say) };
}
