/** The same calls over gRPC, as `client.mjs` makes them over JSON-RPC: Node's HTTP/2 and the SDK's messages, with no more around them than it takes. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:http2';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { open, readJson } from './http.mjs';
import { expectEcho, requestWith, StreamedText } from './sdk-messages.mjs';

const HEAD_BYTES = 5;
const HEADERS = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
/** What a client lets come ahead of what it has read. Node's own default is a tenth of what other clients of gRPC allow. */
const WINDOW_BYTES = 1024 * 1024;

/** @typedef {import("node:http2").ClientHttp2Session} Session */
/** @type {Map<string, Promise<Session>>} */
const sessions = new Map();

/** @param {string} base @param {number} client @returns {Promise<Session>} one connection for each server, as clients of gRPC have */
function sessionOf(base, client) {
  const key = `${client} ${base}`;
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const made = connected(base);
  sessions.set(key, made);
  return made;
}

/** @param {string} base */
async function connected(base) {
  const card = await readJson(await open(`${base}/agents/bench/echo/.well-known/agent-card.json`));
  const { url } = card.supportedInterfaces.find((/** @type {any} */ one) => one.protocolBinding === 'GRPC');
  const session = connect(`http://${url}`, { settings: { initialWindowSize: WINDOW_BYTES } });
  session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
  return session;
}

/**
 * Calls a method of A2A and takes its answers, one after the other.
 *
 * @param {string} base
 * @param {"sendMessage" | "sendStreamingMessage"} name
 * @param {any} request
 * @param {(answer: any) => void} take
 * @param {number} [client] whose connection it goes over
 * @returns {Promise<void>}
 * @throws {Error} unless the call ended well
 */
async function call(base, name, request, take, client = 0) {
  const session = await sessionOf(base, client);
  const { path, requestSerialize, responseDeserialize } = A2AService[name];
  const message = requestSerialize(request);
  const body = Buffer.alloc(HEAD_BYTES + message.length);
  body.writeUInt32BE(message.length, 1);
  body.set(message, HEAD_BYTES);
  const stream = session.request({ ...HEADERS, ':path': path });
  stream.end(body);
  let rest = Buffer.alloc(0);
  let code = '';
  await new Promise((resolve, reject) => {
    stream.on('trailers', (trailers) => (code = String(trailers['grpc-status'])));
    stream.on('data', (/** @type {Buffer} */ bytes) => {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      let at = 0;
      while (at + HEAD_BYTES <= all.length) {
        const end = at + HEAD_BYTES + all.readUInt32BE(at + 1);
        if (end > all.length) break;
        take(responseDeserialize(all.subarray(at + HEAD_BYTES, end)));
        at = end;
      }
      rest = all.subarray(at);
    });
    stream.once('error', reject);
    stream.once('end', resolve);
  });
  if (code !== '0') throw new Error(`${name} ended with the status ${code}`);
}

/**
 * A blocking SendMessage to `echo`.
 *
 * @param {string} base
 * @param {number} [client]
 * @returns {Promise<void>}
 * @throws {Error} unless the task came back completed, with the text that was sent
 */
export async function sendMessage(base, client) {
  const text = `Say it again: ${randomUUID()}`;
  /** @type {any} */
  let found;
  await call(base, 'sendMessage', requestWith('bench/echo', { text }), (answer) => (found = answer), client);
  expectEcho(found?.payload?.value, text);
}

/**
 * A SendStreamingMessage to `stream`, read to its end.
 *
 * @param {string} base
 * @param {number} chunks
 * @returns {Promise<number>} how many artifact events carried the chunks
 * @throws {Error} unless every chunk arrived once and in order, and the task completed
 */
export async function streamMessage(base, chunks) {
  const streamed = new StreamedText();
  const request = requestWith('bench/stream', { data: { chunks } });
  await call(base, 'sendStreamingMessage', request, (event) => streamed.add(event));
  return streamed.end(chunks);
}
