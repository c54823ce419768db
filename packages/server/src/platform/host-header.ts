/** The `Host` of a request, taken apart with care: whoever makes the request writes what he likes there. */
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { mountPath } from './mount-path.js';

const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** The name in `host[:port]`, in lower case, IPv6 addresses in brackets and in their shortest form; undefined for all else. */
export function hostnameIn(host: string): string | undefined {
  const name = HOST.exec(host)?.[1];
  if (name === undefined) return undefined;
  if (!name.startsWith('[')) return name.toLowerCase();
  return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
}

/**
 * The address that a request was sent to: `http://host:port` and the path below which Continuo is served, for links back. `https` where a proxy that the application trusts
 * says so. A `Host` that is none, or is more than one, gives the address that the connection came in at.
 */
export function addressOf(request: Pick<Request, 'secure' | 'socket' | 'headersDistinct'>): string {
  return hostAddressOf(request) + mountPath(request);
}

function hostAddressOf({
  secure,
  socket,
  headersDistinct,
}: Pick<Request, 'secure' | 'socket' | 'headersDistinct'>): string {
  const [host, ...more] = headersDistinct.host ?? [];
  const scheme = secure ? 'https' : 'http';
  if (host !== undefined && more.length === 0 && hostnameIn(host) !== undefined) return `${scheme}://${host}`;
  const { localAddress = 'localhost', localPort } = socket;
  return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** The hosts that a request names: in its header, which there is to be one of, and in an address in absolute form. */
export function hostsOf(
  request: Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'url'>,
): readonly (string | undefined)[] {
  const { host } = request.headers;
  const inHeader = host !== undefined && namesOnce('host', request.rawHeaders) ? hostnameIn(host) : undefined;
  const { url = '/' } = request;
  return url.startsWith('/') || url === '*' ? [inHeader] : [inHeader, hostnameInUrl(url)];
}

/** Whether a header is there once, in `rawHeaders` as Node has them: names and values in turn. */
function namesOnce(header: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === header.length && name.toLowerCase() === header) count += 1;
  }
  return count === 1;
}

function hostnameInUrl(url: string): string | undefined {
  return hostnameIn(/^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '');
}
