/** The bench's agents as executors of @a2a-js/sdk. */
import { randomUUID } from 'node:crypto';
import { TaskState } from '@a2a-js/sdk';
import { AgentEvent } from '@a2a-js/sdk/server';
import { chunkText } from './agent-data.mjs';

/** @typedef {import("@a2a-js/sdk/server").RequestContext} RequestContext */
/** @typedef {import("@a2a-js/sdk/server").ExecutionEventBus} ExecutionEventBus */

/** @param {string} text */
const textPart = (text) => ({
  content: { $case: /** @type {const} */ ('text'), value: text },
  metadata: undefined,
  filename: '',
  mediaType: 'text/plain',
});

/** @param {TaskState} state */
const status = (state) => ({ state, timestamp: new Date().toISOString(), message: undefined });

/**
 * Publishes the frame that both agents share: task, working, what `body` publishes, completed.
 *
 * @param {RequestContext} request
 * @param {ExecutionEventBus} bus
 * @param {(publishArtifact: (text: string, append: boolean, last: boolean) => void) => void} body
 */
function runTask({ taskId, contextId, userMessage }, bus, body) {
  const artifactId = randomUUID();
  /** @param {TaskState} state */
  const publishStatus = (state) =>
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(state), metadata: undefined }));
  bus.publish(
    AgentEvent.task({
      id: taskId,
      contextId,
      status: status(TaskState.TASK_STATE_SUBMITTED),
      artifacts: [],
      history: [userMessage],
      metadata: undefined,
    }),
  );
  publishStatus(TaskState.TASK_STATE_WORKING);
  body((text, append, last) =>
    bus.publish(
      AgentEvent.artifactUpdate({
        taskId,
        contextId,
        artifact: {
          artifactId,
          name: 'out',
          description: '',
          parts: [textPart(text)],
          metadata: undefined,
          extensions: [],
        },
        append,
        lastChunk: last,
        metadata: undefined,
      }),
    ),
  );
  publishStatus(TaskState.TASK_STATE_COMPLETED);
}

/** Answers with the text it was sent. */
export const echoExecutor = {
  /** @param {RequestContext} request @param {ExecutionEventBus} bus */
  async execute(request, bus) {
    const part = request.userMessage.parts[0]?.content;
    runTask(request, bus, (publishArtifact) => publishArtifact(part?.$case === 'text' ? part.value : '', false, true));
  },
  async cancelTask() {},
};

/** Streams as many chunks as the data part `{ chunks }` asks for. */
export const streamExecutor = {
  /** @param {RequestContext} request @param {ExecutionEventBus} bus */
  async execute(request, bus) {
    const part = request.userMessage.parts[0]?.content;
    const chunks = part?.$case === 'data' ? Number(part.value?.chunks) : 0;
    runTask(request, bus, (publishArtifact) => {
      for (let index = 0; index < chunks; index += 1) {
        publishArtifact(chunkText(index), index > 0, index === chunks - 1);
      }
    });
  },
  async cancelTask() {},
};
