/** Stands between a client and PostgreSQL, and drops the settings that connections begin with, as pgbouncer is told to. */
import { endTogether, startDatabaseProxy } from './database-proxy.js';

/** The address to use in place of `databaseUrl`. */
export function startForgetfulPooler(databaseUrl: string): Promise<string> {
  return startDatabaseProxy(databaseUrl, (client, postgres) => {
    endTogether(client, postgres);
    client.once('data', (startup: Buffer) => {
      postgres.write(withoutOptions(startup));
      client.pipe(postgres);
    });
    postgres.pipe(client);
  });
}

/** A StartupMessage is its length, the version of the protocol, and names and values, each with a zero at its end, and a zero. */
function withoutOptions(startup: Buffer): Buffer {
  const words = startup.subarray(8).toString('utf8').split('\0');
  const kept = words.flatMap((name, at) =>
    at % 2 === 0 && name !== '' && name !== 'options' ? [name, words[at + 1]] : [],
  );
  const body = Buffer.from(`${kept.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  startup.copy(head);
  head.writeInt32BE(body.length + 8);
  return Buffer.concat([head, body]);
}
