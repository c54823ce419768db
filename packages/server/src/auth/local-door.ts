/** The door of the local mode: lets in what goes to the server's own names and comes from programs or its own pages. */
import type { IncomingMessage } from 'node:http';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from '../platform/config.js';
import { hostnameIn, hostsOf } from '../platform/host-header.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const FOREIGN_SITES = ['cross-site', 'same-site'];

export type LocalDoorConfig = Pick<Config, 'auth' | 'host' | 'publicUrl' | 'corsOrigins'>;
type Asked = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'method' | 'url'>;

/**
 * Nobody has to say who he is in the local mode, so that any page in a browser of this machine could act as its user: under a
 * name that its owner lets point to 127.0.0.1 (DNS rebinding), or by writes that need no preflight (CSRF). Browsers say in
 * `Host`, `Origin` and `Sec-Fetch-Site` where a request goes and comes from, and pages can't change what they say.
 *
 * A check of each request: what is wrong with where it goes or comes from (HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED), or undefined.
 * With authentication nothing ever is.
 */
export function localDoor({ auth, host, publicUrl, corsOrigins }: LocalDoorConfig) {
  if (auth.length > 0) return (): ContinuoError | undefined => undefined;
  const hosts = ownNames({ host, publicUrl });
  const isOurs = (name: string | undefined): boolean => name !== undefined && hosts.includes(name);
  const expected = hosts.join(', ');

  return (request: Asked): ContinuoError | undefined => {
    if (!hostsOf(request).every(isOurs)) {
      const message = `Without authentication this server answers to ${expected} alone, not to other names in Host. Behind a proxy set CONTINUO_PUBLIC_URL.`;
      return new ContinuoError('HOST_NOT_ALLOWED', message, { field: 'Host', expected: `one of ${expected}` });
    }
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined && corsOrigins.includes(origin)) return undefined;
    const foreign = origin !== undefined && !isOurs(hostnameOfOrigin(origin));
    const fromOtherSite = request.method !== 'GET' && typeof site === 'string' && FOREIGN_SITES.includes(site);
    if (!foreign && !fromOtherSite) return undefined;
    const message =
      'Without authentication this server answers its own pages alone. CONTINUO_CORS_ORIGINS lists other sites that may call it.';
    return new ContinuoError('ORIGIN_NOT_ALLOWED', message, {
      field: foreign ? 'Origin' : 'Sec-Fetch-Site',
      expected: foreign ? `an origin on ${expected}, or one that is listed` : 'same-origin or none',
    });
  };
}

/** The host names that the server is known by for certain. */
export function ownNames({ host, publicUrl }: Pick<LocalDoorConfig, 'host' | 'publicUrl'>): readonly string[] {
  const own = hostnameIn(host.includes(':') ? `[${host}]` : host);
  const named = [own, publicUrl === undefined ? undefined : new URL(publicUrl).hostname];
  return [...new Set([...LOOPBACK, ...named.filter((name) => name !== undefined)])];
}

function hostnameOfOrigin(origin: string): string | undefined {
  const found = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  return found === undefined ? undefined : hostnameIn(found);
}
