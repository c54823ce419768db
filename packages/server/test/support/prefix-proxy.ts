/** A small reverse proxy in front of a server: it serves what is below a path, and takes the path off or leaves it on. */
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';
import { onLoopback } from './on-loopback.js';

export interface PrefixProxy {
  /** With the path: `http://127.0.0.1:40123/agents-api`. */
  readonly url: string;
  /** Sends on to another server. */
  lead(serverUrl: string): void;
}

/** Listens on a free port; everything that is not below `prefix` is 404. */
export async function startPrefixProxy(prefix: string, { strips }: { readonly strips: boolean }): Promise<PrefixProxy> {
  let target = '';
  const proxy = createServer((asked, answer) => {
    const { url = '/', method, headers } = asked;
    const rest = url.slice(prefix.length);
    if (!url.startsWith(prefix) || !/^([/?]|$)/.test(rest)) {
      answer.writeHead(404).end('not below the prefix');
      return;
    }
    const path = strips ? `/${rest.replace(/^\//, '')}` : url;
    const sent = request(`${target}${path}`, { method, headers }, (received) => {
      answer.writeHead(received.statusCode ?? 502, received.headers);
      answer.flushHeaders();
      pipeline(received, answer, () => undefined);
    });
    pipeline(asked, sent, (error) => {
      if (error != null) answer.destroy();
    });
  });
  return {
    url: `${await onLoopback(proxy)}${prefix}`,
    lead: (serverUrl) => {
      target = serverUrl;
    },
  };
}
