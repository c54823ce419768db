/** What is sent and what must come back in the SDK's messages, whatever brings them: Node's HTTP/2, or the SDK's own client. */
import { randomUUID } from 'node:crypto';
import { Message, TaskState } from '@a2a-js/sdk';
import { streamText } from './agent-data.mjs';

/** @param {string} tenant @param {object} part */
export const requestWith = (tenant, part) => ({
  tenant,
  message: Message.fromJSON({ messageId: randomUUID(), role: 'ROLE_USER', parts: [part] }),
  configuration: undefined,
  metadata: undefined,
});

/** @param {any} artifact @returns {string} the text of its parts, joined */
const textOf = (artifact) => artifact.parts.map((/** @type {any} */ { content }) => content?.value ?? '').join('');

/**
 * @param {any} task what came back from `echo`
 * @param {string} text what was sent
 * @throws {Error} unless the task came back completed, with that text
 */
export function expectEcho(task, text) {
  if (task?.status?.state !== TaskState.TASK_STATE_COMPLETED || textOf(task.artifacts[0]) !== text) {
    throw new Error(`Unexpected answer to SendMessage: ${JSON.stringify(task)}`);
  }
}

/** What has come of a stream of `stream`. */
export class StreamedText {
  #text = '';
  #events = 0;
  /** @type {number | undefined} */
  #state;

  /** @param {any} event */
  add({ payload }) {
    if (payload.$case === 'artifactUpdate') {
      this.#text += textOf(payload.value.artifact);
      this.#events += 1;
    } else if (payload.$case === 'statusUpdate') {
      this.#state = payload.value.status.state;
    }
  }

  /**
   * @param {number} chunks
   * @returns {number} how many artifact events carried the chunks
   * @throws {Error} unless every chunk arrived once and in order, and the task completed
   */
  end(chunks) {
    if (this.#state !== TaskState.TASK_STATE_COMPLETED || this.#text !== streamText(chunks)) {
      const came = `${this.#text.length} characters in ${this.#events} events`;
      throw new Error(`The stream of ${chunks} chunks ended ${this.#state} with ${came}`);
    }
    return this.#events;
  }
}
