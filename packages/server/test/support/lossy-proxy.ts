/** A way to PostgreSQL on which chosen answers get lost: what was asked for is done, but who asked never hears of it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterThisTest } from './outcome.js';

export interface LossyProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /**
   * The next question that contains `text` is passed on; the connection breaks instead of passing on the answer to it,
   * or to the commit of its transaction. Resolves then.
   */
  loseAnswerTo(text: string): Promise<void>;
}

interface Loss {
  readonly text: string;
  readonly happened: () => void;
}

/** PostgreSQL's ReadyForQuery inside of a transaction, with which every answer ends that has not been committed yet. */
const NOT_YET = Buffer.from('Z\0\0\0\x05T');

/** Closed after the file. */
export async function startLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const losses = new Set<Loss>();

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    join(client, upstream);
    join(upstream, client);
    let lost: Loss | undefined;
    client.on('data', (question) => {
      lost ??= [...losses].find(({ text }) => question.includes(text));
      if (lost !== undefined) losses.delete(lost);
      upstream.write(question);
    });
    upstream.on('data', (answer) => {
      if (lost === undefined || answer.subarray(-NOT_YET.length).equals(NOT_YET)) {
        client.write(answer);
        return;
      }
      client.destroy();
      lost.happened();
    });
  }).listen(0, '127.0.0.1');

  function join(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
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
  return {
    url: url.href,
    loseAnswerTo: (text) => new Promise((happened) => losses.add({ text, happened })),
  };
}
