/** The same calls by the official SDK's client, over JSON-RPC or gRPC: what its users get of each binding. */
import { randomUUID } from 'node:crypto';
import { Message, TaskState } from '@a2a-js/sdk';
import { ClientFactory, JsonRpcTransportFactory } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { streamText } from './agent-data.mjs';
import { textOf } from './grpc-client.mjs';

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

/** @param {object} part */
const request = (part) => ({
  tenant: '',
  message: Message.fromJSON({ messageId: randomUUID(), role: 'ROLE_USER', parts: [part] }),
  configuration: undefined,
  metadata: undefined,
});

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
      /** @type {any} */
      const task = await client.sendMessage(request({ text }));
      if (task.status?.state !== TaskState.TASK_STATE_COMPLETED || textOf(task.artifacts[0]) !== text) {
        throw new Error(`Unexpected answer to SendMessage: ${JSON.stringify(task)}`);
      }
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
      let text = '';
      let events = 0;
      let state;
      for await (const { payload } of client.sendMessageStream(request({ data: { chunks } }))) {
        if (payload?.$case === 'artifactUpdate') {
          text += textOf(payload.value.artifact);
          events += 1;
        } else if (payload?.$case === 'statusUpdate') {
          state = payload.value.status?.state;
        }
      }
      if (state !== TaskState.TASK_STATE_COMPLETED || text !== streamText(chunks)) {
        throw new Error(
          `The stream of ${chunks} chunks ended ${state} with ${text.length} characters in ${events} events`,
        );
      }
      return events;
    },
  };
}
