/** A way to PostgreSQL on which much takes long, as from a busy machine: a piece of what is sent to it at a time. */
import { Transform } from 'node:stream';
import { startDatabaseProxy } from './database-proxy.js';

/** The same database, by way of the proxy, which passes on no more than `bytesPerSecond`. Closed after the test. */
export function startSlowProxy(databaseUrl: string, bytesPerSecond: number): Promise<string> {
  return startDatabaseProxy(databaseUrl, (client, postgres) => {
    const slow = new Transform({
      transform: (bytes: Buffer, _, pass) => {
        setTimeout(() => pass(null, bytes), (bytes.length / bytesPerSecond) * 1_000);
      },
    });
    client.pipe(slow).pipe(postgres);
    postgres.pipe(client);
  });
}
