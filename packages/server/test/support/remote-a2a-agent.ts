/** An A2A agent elsewhere: a server on the official SDK, which does what the message says. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AGENT_CARD_PATH, Role, TaskState, type AgentCard, type Message, type Part } from '@a2a-js/sdk';
import {
  AgentEvent,
  DefaultRequestHandler,
  InMemoryTaskStore,
  type AgentExecutor,
  type ExecutionEventBus,
} from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import { afterThisFile } from './outcome.js';

export interface RemoteA2AAgent {
  readonly cardUrl: string;
  /** The messages it got, in order. */
  readonly messages: readonly Message[];
  /** The values of the header `x-test` it got, each once. */
  readonly headers: ReadonlySet<string>;
  /** The tasks it was asked to cancel. */
  readonly cancelled: readonly string[];
  /** Lets tasks go on that wait for it: "chunks" after the first chunk. */
  release(): void;
}

const unset = { metadata: undefined, filename: '', mediaType: '' };

function textPart(value: string): Part {
  return { content: { $case: 'text', value }, ...unset };
}

/** "chunks", "ask", "fail" and "wait" do what they say; everything else is given back. */
export async function startRemoteA2AAgent({ streaming }: { readonly streaming: boolean }): Promise<RemoteA2AAgent> {
  const messages: Message[] = [];
  const headers = new Set<string>();
  const cancelled: string[] = [];
  const gate = new EventTarget();
  const released = once(gate, 'release');

  const executor: AgentExecutor = {
    execute: async ({ request: { message }, task, taskId, contextId }, bus) => {
      if (message !== undefined) messages.push(message);
      const content = message?.parts[0]?.content;
      const text = content?.$case === 'text' ? content.value : '';
      const remote = new RemoteTask(taskId, contextId, bus);
      const isAnswer = task !== undefined;
      if (!isAnswer) remote.open();
      if (isAnswer) remote.status(TaskState.TASK_STATE_COMPLETED, `You chose ${text}.`);
      else if (text === 'chunks') await remote.chunks(released);
      else if (text === 'ask') remote.status(TaskState.TASK_STATE_INPUT_REQUIRED, 'Which colour?');
      else if (text === 'fail') remote.status(TaskState.TASK_STATE_FAILED, 'The stock is empty.');
      else if (text === 'wait') await once(gate, taskId);
      else remote.status(TaskState.TASK_STATE_COMPLETED, `You said ${text}.`);
      bus.finished();
    },
    cancelTask: async (taskId, bus) => {
      cancelled.push(taskId);
      new RemoteTask(taskId, '', bus).status(TaskState.TASK_STATE_CANCELED, 'Stopped.');
      gate.dispatchEvent(new Event(taskId));
    },
  };

  const app = express();
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisFile(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const requestHandler = new DefaultRequestHandler(cardOf(url, streaming), new InMemoryTaskStore(), executor);
  app.use((request, _response, next) => {
    headers.add(request.get('x-test') ?? '');
    next();
  });
  app.use(`/${AGENT_CARD_PATH}`, agentCardHandler({ agentCardProvider: requestHandler }));
  app.use('/rpc', jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
  return {
    cardUrl: `${url}/${AGENT_CARD_PATH}`,
    messages,
    headers,
    cancelled,
    release: () => gate.dispatchEvent(new Event('release')),
  };
}

class RemoteTask {
  constructor(
    private readonly id: string,
    private readonly contextId: string,
    private readonly bus: ExecutionEventBus,
  ) {}

  open(): void {
    const status = { state: TaskState.TASK_STATE_WORKING, message: undefined, timestamp: undefined };
    const { id, contextId } = this;
    this.bus.publish(AgentEvent.task({ id, contextId, status, artifacts: [], history: [], metadata: undefined }));
  }

  status(state: TaskState, text: string): void {
    const message: Message = {
      messageId: `${this.id}:${text}`,
      contextId: this.contextId,
      taskId: this.id,
      role: Role.ROLE_AGENT,
      parts: [textPart(text)],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    };
    const status = { state, message, timestamp: undefined };
    const { id: taskId, contextId } = this;
    this.bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
  }

  /** An artifact in three chunks, the last two when `rest` allows it. */
  async chunks(rest: Promise<unknown>): Promise<void> {
    this.status(TaskState.TASK_STATE_WORKING, 'Writing');
    this.#chunk('one ', false);
    await rest;
    this.#chunk('two ', true);
    this.#chunk('three', true);
    const status = { state: TaskState.TASK_STATE_COMPLETED, message: undefined, timestamp: undefined };
    this.bus.publish(
      AgentEvent.statusUpdate({ taskId: this.id, contextId: this.contextId, status, metadata: undefined }),
    );
  }

  #chunk(text: string, append: boolean): void {
    this.bus.publish(
      AgentEvent.artifactUpdate({
        taskId: this.id,
        contextId: this.contextId,
        artifact: {
          artifactId: 'text-1',
          name: 'text',
          description: '',
          parts: [textPart(text)],
          metadata: undefined,
          extensions: [],
        },
        append,
        lastChunk: text === 'three',
        metadata: undefined,
      }),
    );
  }
}

function cardOf(url: string, streaming: boolean): AgentCard {
  return {
    name: 'Remote',
    description: 'An agent elsewhere',
    version: '1.0.0',
    supportedInterfaces: [{ url: `${url}/rpc`, protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
    provider: undefined,
    capabilities: { streaming, pushNotifications: false, extensions: [], extendedAgentCard: false },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ['text'],
    defaultOutputModes: ['text'],
    skills: [],
    documentationUrl: '',
    signatures: [],
  };
}
