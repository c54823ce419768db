/** A way to PostgreSQL that can fall silent, as a firewall or a host that is gone does: bytes vanish, no FIN, no RST. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterThisTest } from './outcome.js';

export interface SilentProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** Swallows from now on what comes on the connections that there are; new ones work. */
  fallSilent(): void;
}

/** Closed after the file. */
export async function startSilentProxy(databaseUrl: string): Promise<SilentProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const speaking = new Set<Socket>();

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true });
    join(client, upstream);
    join(upstream, client);
  }).listen(0, '127.0.0.1');

  function join(socket: Socket, other: Socket): void {
    sockets.add(socket);
    speaking.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => speaking.has(socket) && other.write(bytes));
    socket.on('end', () => speaking.has(socket) && other.end());
    socket.on('close', () => {
      sockets.delete(socket);
      if (speaking.delete(socket)) other.destroy();
    });
  }

  await once(server, 'listening');
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return { url: url.href, fallSilent: () => speaking.clear() };
}
