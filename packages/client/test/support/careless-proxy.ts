/** What may stand between a client and its server: it cuts connections, falls silent, repeats itself and wants another token. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterThisTest } from '../../../server/test/support/outcome.js';

export interface Careless {
  /** Bytes of each event stream after which it is cut, or nothing more comes; undefined: all of it comes. */
  streamBytes?: (() => number) | undefined;
  /** What happens then. */
  readonly fault?: 'cut' | 'silence';
  /** Each event is sent twice. */
  twice?: boolean;
  /** Bytes of bodies of PATCH that get through, of one after the other; then each gets through. */
  readonly uploadBytes?: number[];
  /** The one that is let in. */
  token?: string;
  /** Nothing is answered. */
  isMute?: boolean;
}

export interface CarelessProxy {
  readonly url: string;
  /** How often a stream was opened. */
  readonly streams: () => number;
}

/** Closed after the file. `careless` may be changed while it runs. */
export async function startCarelessProxy(target: string, careless: Careless): Promise<CarelessProxy> {
  let streams = 0;
  const server = createServer((asked, answer) => {
    answer.on('error', () => undefined);
    if (careless.isMute === true) return;
    if (careless.token !== undefined && asked.headers.authorization !== `Bearer ${careless.token}`) {
      answer.writeHead(401, { 'content-type': 'text/plain' }).end('expired');
      return;
    }
    const { method, headers, url: path = '' } = asked;
    const passed = request(`${target}${path}`, { method, headers: { ...headers, host: new URL(target).host } });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    passed.on('response', (answered) => {
      const isStream = answered.headers['content-type']?.startsWith('text/event-stream') === true;
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      if (isStream) {
        streams += 1;
        passStream(answered, answer, careless);
      } else answered.pipe(answer);
    });
    const most = method === 'PATCH' ? careless.uploadBytes?.shift() : undefined;
    if (most === undefined) asked.pipe(passed);
    else passBeginning(asked, most, passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  return { url: `http://127.0.0.1:${address.port}`, streams: () => streams };
}

function passStream(from: IncomingMessage, to: ServerResponse, { streamBytes, fault, twice }: Careless): void {
  let left = streamBytes?.() ?? Infinity;
  from.on('data', (bytes: Buffer) => {
    const part = left < bytes.length ? bytes.subarray(0, left) : bytes;
    left -= part.length;
    const isOver = left <= 0;
    if (isOver) from.removeAllListeners('data');
    // Cut when it is out, and not with what is still to be sent.
    to.write(twice === true ? repeated(part) : part, () => {
      if (isOver && fault === 'cut') to.destroy();
    });
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
}

/** The server writes whole events. */
function repeated(bytes: Buffer): string {
  return bytes
    .toString()
    .split(/(?<=\n\n)/)
    .map((event) => event + event)
    .join('');
}

/** The first bytes get through to the server; then both ends find their connection broken. */
function passBeginning(asked: IncomingMessage, most: number, passed: ReturnType<typeof request>): void {
  let left = most;
  asked.on('data', (bytes: Buffer) => {
    const part = bytes.subarray(0, left);
    left -= part.length;
    const isOver = left <= 0;
    if (isOver) asked.removeAllListeners('data');
    passed.write(part, () => {
      if (isOver) asked.socket.destroy();
    });
  });
}
