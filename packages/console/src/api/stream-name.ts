/** Which tabs share an event stream: those of the same server that sign their calls alike. */
import { call } from './client.js';
import { credentials, signedInWith } from './credentials.js';
import { readTokens } from './tokens.js';

/** Other tabs may still have an older console. */
const VERSION = 1;

/** Undefined where nothing can be shared. */
export async function streamName(url: string): Promise<string | undefined> {
  // The types have what pages over plain HTTP haven't.
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined || typeof BroadcastChannel === 'undefined') return undefined;
  try {
    const identity = new TextEncoder().encode(JSON.stringify(await whose()));
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', identity));
    const name = Array.from(hash.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return `continuo ${VERSION} ${url} ${name}`;
  } catch {
    return undefined;
  }
}

/** A key is the same in all tabs; tokens are those of one tab, and change: what counts is whom the server takes them for. */
async function whose(): Promise<unknown> {
  if (signedInWith() !== 'issuer') return { key: (await credentials()) ?? null };
  return { issuer: readTokens()?.client.issuer, caller: await call('getCaller', {}) };
}
