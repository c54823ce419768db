/** A way to PostgreSQL on which much takes long, as from a busy machine: a piece of what is sent to it at a time. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { afterThisTest } from './outcome.js';

/** The same database, by way of the proxy, which passes on no more than `bytesPerSecond`. Closed after the test. */
export async function startSlowProxy(databaseUrl: string, bytesPerSecond: number): Promise<string> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const slow = new Transform({
      transform: (bytes: Buffer, _, pass) => {
        setTimeout(() => pass(null, bytes), (bytes.length / bytesPerSecond) * 1_000);
      },
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(slow).pipe(upstream);
    upstream.pipe(client);
  }).listen(0, '127.0.0.1');
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
  return url.href;
}
