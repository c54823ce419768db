/** Another way to PostgreSQL, on which tests do to connections what networks and poolers do. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterThisTest } from './outcome.js';

/**
 * The same database, by way of a free port of loopback. `join` hands on what comes on a connection of a client's and on that to
 * PostgreSQL which was made for it; neither of them throws. Both end after the test, or after the file where that began it.
 * `allowHalfOpen`: one side of a connection may end while the other goes on. Default: false.
 */
export async function startDatabaseProxy(
  databaseUrl: string,
  join: (client: Socket, postgres: Socket) => void,
  { allowHalfOpen = false } = {},
): Promise<string> {
  const url = new URL(databaseUrl);
  const to = { port: Number(url.port), host: url.hostname, allowHalfOpen };
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen }, (client) => {
    const postgres = connect(to);
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    join(client, postgres);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  url.port = String(address.port);
  return url.href;
}

/** Where one side is gone, the other goes, too. */
export function endTogether(client: Socket, postgres: Socket): void {
  client.on('close', () => postgres.destroy());
  postgres.on('close', () => client.destroy());
}
