/** A way to PostgreSQL that can fall silent, as a firewall or a host that is gone does: bytes vanish, no FIN, no RST. */
import type { Socket } from 'node:net';
import { startDatabaseProxy } from './database-proxy.js';

export interface SilentProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** Swallows from now on what comes on the connections that there are; new ones work. */
  fallSilent(): void;
}

/** Closed after the file. */
export async function startSilentProxy(databaseUrl: string): Promise<SilentProxy> {
  const speaking = new Set<Socket>();

  function hand(socket: Socket, other: Socket): void {
    speaking.add(socket);
    socket.on('data', (bytes) => speaking.has(socket) && other.write(bytes));
    socket.on('end', () => speaking.has(socket) && other.end());
    socket.on('close', () => {
      if (speaking.delete(socket)) other.destroy();
    });
  }

  const join = (client: Socket, postgres: Socket): void => {
    hand(client, postgres);
    hand(postgres, client);
  };
  const url = await startDatabaseProxy(databaseUrl, join, { allowHalfOpen: true });
  return { url, fallSilent: () => speaking.clear() };
}
