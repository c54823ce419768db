/** The same calls over gRPC, with the SDK's messages on grpc-js. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Message } from '@a2a-js/sdk';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { streamText } from './agent-data.mjs';
import { open, readJson } from './http.mjs';

/** @typedef {any} GrpcClient methods are those of A2AService */
const A2AClient = makeClientConstructor(A2AService, 'lf.a2a.v1.A2AService');
const COMPLETED = 3;

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

/** @param {"echo" | "stream"} agent @param {object} part */
function requestTo(agent, part) {
  const message = Message.fromJSON({ messageId: randomUUID(), role: 'ROLE_USER', parts: [part] });
  return { tenant: `bench/${agent}`, message, configuration: undefined, metadata: undefined };
}

/** @param {any} artifact @returns {string} the text of its parts, joined */
export const textOf = (artifact) =>
  artifact.parts.map((/** @type {any} */ { content }) => content?.value ?? '').join('');

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
    client.sendMessage(requestTo('echo', { text }), (/** @type {Error | null} */ error, /** @type {any} */ found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  const task = answer.payload?.value;
  if (task?.status?.state !== COMPLETED || textOf(task.artifacts[0]) !== text) {
    throw new Error(`Unexpected answer to SendMessage: ${JSON.stringify(task)}`);
  }
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
  let text = '';
  let events = 0;
  let state;
  const stream = client.sendStreamingMessage(requestTo('stream', { data: { chunks } }));
  stream.on('data', (/** @type {any} */ { payload }) => {
    if (payload.$case === 'artifactUpdate') {
      text += textOf(payload.value.artifact);
      events += 1;
    } else if (payload.$case === 'statusUpdate') {
      state = payload.value.status.state;
    }
  });
  await once(stream, 'end');
  if (state !== COMPLETED || text !== streamText(chunks)) {
    throw new Error(`The stream of ${chunks} chunks ended ${state} with ${text.length} characters in ${events} events`);
  }
  return events;
}
