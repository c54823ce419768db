/** Messages, and questions about a task, as they go over the wire: in each binding and version of A2A that a browser can speak. */
import type { AgentList, Part } from '@continuo/client';

export const bindings = ['JSONRPC', 'HTTP+JSON'] as const;
export const versions = ['1.0', '0.3'] as const;
export type Binding = (typeof bindings)[number];
export type Version = (typeof versions)[number];

export interface Offered {
  readonly binding: Binding;
  readonly version: Version;
}

export interface Target extends Offered {
  /** The agent's own address, without a slash at its end. */
  readonly url: string;
}

/** What a card offers of what a browser can speak. */
export function offeredBy({
  supportedInterfaces,
}: Pick<AgentList['agents'][number]['card'], 'supportedInterfaces'>): readonly Offered[] {
  return bindings.flatMap((binding) =>
    versions
      .filter((version) =>
        supportedInterfaces.some((one) => one.protocolBinding === binding && one.protocolVersion === version),
      )
      .map((version) => ({ binding, version })),
  );
}

/** What is said, whatever the binding. */
export interface Trial {
  readonly parts: readonly Part[];
  readonly contextId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Empty: whatever the agent answers with. */
  readonly acceptedOutputModes: readonly string[];
  readonly streaming: boolean;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Without what signs it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for GET. */
  readonly body: string | undefined;
}

export function wireRequest(trial: Trial, { url, binding, version }: Target, messageId: string): WireRequest {
  const isRpc = binding === 'JSONRPC';
  const params = version === '1.0' ? params10(trial, messageId) : params03(trial, messageId, isRpc);
  return {
    method: 'POST',
    url: isRpc ? url : `${url}${version === '1.0' ? '' : '/v1'}/message:${trial.streaming ? 'stream' : 'send'}`,
    headers: {
      'Content-Type': 'application/json',
      Accept: trial.streaming ? 'text/event-stream' : 'application/json',
      'A2A-Version': version,
    },
    body: JSON.stringify(
      isRpc ? { jsonrpc: '2.0', id: 1, method: methodOf(version, trial.streaming), params } : params,
    ),
  };
}

/** What a client asks about a task: what it is now, or all its events from the first one on. */
export type TaskQuestion = 'get' | 'subscribe';

export function taskRequest(id: string, question: TaskQuestion, { url, binding, version }: Target): WireRequest {
  const streams = question === 'subscribe';
  const headers = {
    Accept: streams ? 'text/event-stream' : 'application/json',
    'A2A-Version': version,
    // Of a task that has ended, too, the log is there to be read again.
    ...(streams ? { 'Last-Event-ID': '0' } : {}),
  };
  if (binding === 'HTTP+JSON') {
    const path = `${version === '1.0' ? '' : '/v1'}/tasks/${id}${streams ? ':subscribe' : ''}`;
    return { method: 'GET', url: `${url}${path}`, headers, body: undefined };
  }
  const method = taskMethods[version][question];
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { id } });
  return { method: 'POST', url, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

const taskMethods = {
  '1.0': { get: 'GetTask', subscribe: 'SubscribeToTask' },
  '0.3': { get: 'tasks/get', subscribe: 'tasks/resubscribe' },
} as const;

function methodOf(version: Version, streaming: boolean): string {
  if (version === '1.0') return streaming ? 'SendStreamingMessage' : 'SendMessage';
  return streaming ? 'message/stream' : 'message/send';
}

/** As A2A 1.0 has it in all bindings. */
export function params10({ parts, contextId, taskId, acceptedOutputModes }: Trial, messageId: string) {
  return {
    message: { messageId, role: 'ROLE_USER', parts, contextId, taskId },
    ...(acceptedOutputModes.length === 0 ? {} : { configuration: { acceptedOutputModes } }),
  };
}

/** Version 0.3 answers at once unless it is asked to wait; over HTTP+JSON it is written as its protobuf says. */
function params03(
  { parts, contextId, taskId, acceptedOutputModes, streaming }: Trial,
  messageId: string,
  isRpc: boolean,
) {
  const ids = { messageId, contextId, taskId };
  const configuration = {
    ...(acceptedOutputModes.length === 0 ? {} : { acceptedOutputModes }),
    ...(streaming ? {} : { blocking: true }),
  };
  const message = isRpc
    ? { kind: 'message', role: 'user', parts: parts.map(rpcPart03), ...ids }
    : { role: 'ROLE_USER', content: parts.map(restPart03), ...ids };
  return { message, ...(Object.keys(configuration).length === 0 ? {} : { configuration }) };
}

function rpcPart03({ text, data, raw, url, mediaType, filename }: Part) {
  if (text !== undefined) return { kind: 'text', text };
  if (raw === undefined && url === undefined) return { kind: 'data', data };
  return { kind: 'file', file: { bytes: raw, uri: url, mimeType: mediaType, name: filename } };
}

function restPart03({ text, data, raw, url, mediaType, filename }: Part) {
  if (text !== undefined) return { text };
  if (raw === undefined && url === undefined) return { data: { data } };
  return { file: { fileWithBytes: raw, fileWithUri: url, mimeType: mediaType, name: filename } };
}
