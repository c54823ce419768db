/** The same calls by the official SDK's client, over JSON-RPC or gRPC: what its users get of each binding. */
import { randomUUID } from 'node:crypto';
import { ClientFactory, JsonRpcTransportFactory } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { expectEcho, requestWith, StreamedText } from './sdk-messages.mjs';

/** @typedef {import("@a2a-js/sdk/client").Client} Client */
/** @typedef {import("./load.mjs").Binding} Binding */

/** @type {Map<string, Promise<Client>>} */
const clients = new Map();

/** @param {string} base @param {Binding} binding @param {"echo" | "stream"} agent @returns {Promise<Client>} the same for all calls */
function clientOf(base, binding, agent) {
  const key = `${binding} ${base} ${agent}`;
  const known = clients.get(key);
  if (known !== undefined) return known;
  const factory = new ClientFactory({
    transports: [binding === 'GRPC' ? new GrpcTransportFactory() : new JsonRpcTransportFactory()],
  });
  const made = factory.createFromUrl(`${base}/agents/bench/${agent}/.well-known/agent-card.json`, '');
  clients.set(key, made);
  return made;
}

/** @param {Binding} binding */
export function officially(binding) {
  return {
    /**
     * A blocking SendMessage to `echo`.
     *
     * @param {string} base
     * @returns {Promise<void>}
     * @throws {Error} unless the task came back completed, with the text that was sent
     */
    async sendMessage(base) {
      const client = await clientOf(base, binding, 'echo');
      const text = `Say it again: ${randomUUID()}`;
      expectEcho(await client.sendMessage(requestWith('', { text })), text);
    },

    /**
     * A SendStreamingMessage to `stream`, read to its end.
     *
     * @param {string} base
     * @param {number} chunks
     * @returns {Promise<number>} how many artifact events carried the chunks
     * @throws {Error} unless every chunk arrived once and in order, and the task completed
     */
    async streamMessage(base, chunks) {
      const client = await clientOf(base, binding, 'stream');
      const streamed = new StreamedText();
      for await (const event of client.sendMessageStream(requestWith('', { data: { chunks } }))) streamed.add(event);
      return streamed.end(chunks);
    },
  };
}
