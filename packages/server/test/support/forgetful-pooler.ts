/** Stands between a client and PostgreSQL, and drops the settings that connections begin with, as pgbouncer is told to. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterThisTest } from './outcome.js';

/** The address to use in place of `databaseUrl`. */
export async function startForgetfulPooler(databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  const to = { port: Number(url.port), host: url.hostname };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const postgres = connect(to);
    for (const [one, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.once('data', (startup: Buffer) => {
      postgres.write(withoutOptions(startup));
      client.pipe(postgres);
    });
    postgres.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return url.href;
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
