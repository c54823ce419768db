/** The same calls over gRPC, with the SDK's messages on grpc-js. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { open, readJson } from './http.mjs';
import { expectEcho, requestWith, StreamedText } from './sdk-messages.mjs';

/** @typedef {any} GrpcClient methods are those of A2AService */
const A2AClient = makeClientConstructor(A2AService, 'lf.a2a.v1.A2AService');

/** @type {Map<string, Promise<GrpcClient>>} */
const clients = new Map();

/** @param {string} base @returns {Promise<GrpcClient>} one connection for each server, as clients of gRPC have */
function clientOf(base) {
  const known = clients.get(base);
  if (known !== undefined) return known;
  const made = connect(base);
  clients.set(base, made);
  return made;
}

/** @param {string} base */
async function connect(base) {
  const card = await readJson(await open(`${base}/agents/bench/echo/.well-known/agent-card.json`));
  const { url } = card.supportedInterfaces.find((/** @type {any} */ one) => one.protocolBinding === 'GRPC');
  return new A2AClient(url, credentials.createInsecure());
}

/**
 * A blocking SendMessage to `echo`.
 *
 * @param {string} base
 * @returns {Promise<void>}
 * @throws {Error} unless the task came back completed, with the text that was sent
 */
export async function sendMessage(base) {
  const client = await clientOf(base);
  const text = `Say it again: ${randomUUID()}`;
  const answer = await new Promise((resolve, reject) => {
    client.sendMessage(
      requestWith('bench/echo', { text }),
      (/** @type {Error | null} */ error, /** @type {any} */ found) =>
        error === null ? resolve(found) : reject(error),
    );
  });
  expectEcho(answer.payload?.value, text);
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
  const client = await clientOf(base);
  const streamed = new StreamedText();
  const stream = client.sendStreamingMessage(requestWith('bench/stream', { data: { chunks } }));
  stream.on('data', (/** @type {any} */ event) => streamed.add(event));
  await once(stream, 'end');
  return streamed.end(chunks);
}
