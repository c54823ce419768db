/** The official A2A client, and messages in the form that it takes. */
import { randomUUID } from 'node:crypto';
import { Message, Role, TaskState, type Part, Task, type SendMessageRequest, type StreamResponse } from '@a2a-js/sdk';
import { ClientFactory, JsonRpcTransportFactory, RestTransportFactory, type Client } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { saidBy } from './answers.js';

export const transports = ['JSONRPC', 'HTTP+JSON'] as const;
/** Those of a server with CONTINUO_GRPC_PORT. */
export const allTransports = [...transports, 'GRPC'] as const;

/** A client of `agent` (`type/name`) that found its way from the agent's card. */
export function connect(
  serverUrl: string,
  agent: string,
  transport: (typeof allTransports)[number] = 'JSONRPC',
): Promise<Client> {
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory(), new RestTransportFactory(), new GrpcTransportFactory()],
    preferredTransports: [transport],
  });
  const path = new URL(serverUrl).pathname.replace(/\/$/, '');
  return factory.createFromUrl(serverUrl, `${path}/agents/${agent}/.well-known/agent-card.json`);
}

/** The same in version 0.3, as an older client would speak it. */
export async function connectOld(
  serverUrl: string,
  agent: string,
  protocolBinding: (typeof transports)[number],
): Promise<Client> {
  const card = await (await connect(serverUrl, agent)).getAgentCard();
  const supportedInterfaces = card.supportedInterfaces.filter(
    (found) => found.protocolVersion === '0.3' && found.protocolBinding === protocolBinding,
  );
  const legacyCompat = { enabled: true };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory({ legacyCompat }), new RestTransportFactory({ legacyCompat })],
  });
  return factory.createFromAgentCard({ ...card, supportedInterfaces });
}

export interface RequestDetails {
  readonly contextId?: string;
  readonly taskId?: string;
  readonly messageId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly returnImmediately?: boolean;
  readonly historyLength?: number;
}

/** A request with one user's message: text, or a value as a data part. */
export function request(content: unknown, details: RequestDetails = {}): SendMessageRequest {
  const { returnImmediately = false, historyLength, metadata, ...ids } = details;
  const message = Message.fromJSON({
    messageId: randomUUID(),
    role: 'ROLE_USER',
    parts: [typeof content === 'string' ? { text: content } : { data: content }],
    ...ids,
  });
  return {
    tenant: '',
    message,
    configuration: { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately, historyLength },
    metadata,
  };
}

/** Sends a message, and gives the task that the agent answers with. */
export async function send(client: Client, content: unknown, details?: RequestDetails): Promise<Task> {
  const result = await client.sendMessage(request(content, details));
  if (!('id' in result)) throw new Error('the agent answered with a message instead of a task');
  return result;
}

/** The text of all parts. */
export function textOf(parts: readonly Part[] = []): string {
  return parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
}

/** What a task has answered, or asks, or why it failed. */
export function answerIn(task: Task): string {
  return saidBy(Task.toJSON(task));
}

/** What was said, by whom: `user: hello`. */
export function conversation(task: Task): readonly string[] {
  return task.history.map(({ role, parts }) => `${role === Role.ROLE_USER ? 'user' : 'agent'}: ${textOf(parts)}`);
}

/** The state as A2A writes it, without its prefix: `WORKING`. */
export function stateOf(task: Task): string {
  return nameOf(task.status?.state);
}

/** An event of a stream in a word: `task SUBMITTED`, `status WORKING`, `artifact result`. */
export function nameOfEvent({ payload }: StreamResponse): string {
  if (payload?.$case === 'task') return `task ${stateOf(payload.value)}`;
  if (payload?.$case === 'statusUpdate') return `status ${nameOf(payload.value.status?.state)}`;
  if (payload?.$case === 'artifactUpdate') return `artifact ${payload.value.artifact?.name ?? ''}`;
  return 'nothing';
}

function nameOf(state: TaskState | undefined): string {
  return state === undefined ? 'nothing' : TaskState[state].replace('TASK_STATE_', '');
}
