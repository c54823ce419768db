/** A connection that sends what it is told, byte by byte if need be, and notes when the server closes it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterThisTest } from './outcome.js';
import { until } from './until.js';

const TRICKLE_MS = 50;

export interface RawConnection {
  /** What came so far. */
  received(): string;
  isClosed(): boolean;
  send(text: string): void;
  end(): void;
  /** Resolves when the server has closed the connection. Rejects after 20 s: what Node does by itself takes at least 30. */
  closed(): Promise<string>;
}

/** Sends `begin` to the server at `url`; then `trickle`, again and again: for ever, or as often as `times` says. */
export async function rawConnection(
  url: string,
  begin: string,
  trickle?: string,
  times = Infinity,
): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  let isClosed = false;
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  // A server that closes while something is on its way to it resets the connection.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    isClosed = true;
  });
  afterThisTest(async () => {
    socket.destroy();
  });
  await once(socket, 'connect');
  socket.write(begin);
  if (trickle !== undefined) {
    let left = times;
    const timer = setInterval(() => {
      socket.write(trickle);
      left -= 1;
      if (left === 0) clearInterval(timer);
    }, TRICKLE_MS);
    socket.once('close', () => clearInterval(timer));
  }
  return {
    received: () => received,
    isClosed: () => isClosed,
    send: (text) => void socket.write(text),
    end: () => void socket.destroy(),
    closed: async () => {
      await until(() => isClosed, { what: 'the server to close the connection', timeoutMs: 20_000 });
      return received;
    },
  };
}
