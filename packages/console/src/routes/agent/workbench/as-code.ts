/** A call as commands and programs that do the same: the key comes from the environment, never from here. */
import { newId } from '../../../api/new-id.js';
import { curlHeaders, quoted, readInNode } from '../../../components/copied-code.js';
import { params10, wireRequest, type Target, type Trial, type WireRequest } from './wire-request.js';

export interface CodeCall {
  readonly trial: Trial;
  readonly target: Target;
  /** `type/name`. */
  readonly agent: string;
  /** Where the server is, without a slash at its end. */
  readonly server: string;
  /** Whether the call needs a key. */
  readonly signed: boolean;
}

const KEY = 'CONTINUO_API_KEY';
const KEY_IN_NODE = readInNode(KEY);

export function asCurl({ trial, target, signed }: CodeCall): string {
  return curlOf(wireRequest(trial, target, newId()), signed);
}

/** For `sh`. The body comes by a here-document, which has no limit and needs no quoting. */
export function curlOf({ url, headers, body }: WireRequest, signed: boolean): string {
  const streams = headers['Accept'] === 'text/event-stream';
  return [
    `curl -sS${streams ? 'N' : ''} ${quoted(url)}`,
    ...curlHeaders(headers),
    ...(signed ? [`  -H "Authorization: Bearer $${KEY}"`] : []),
    ...(body === undefined ? [] : [`  --data-binary @- <<'JSON'\n${body}\nJSON\n`]),
  ].join(' \\\n');
}

/** `address`: `host:port`. The server says by reflection what its messages look like. */
export function asGrpcurl({ trial, agent, signed }: CodeCall, address: string, plaintext: boolean): string {
  const body = JSON.stringify({ tenant: agent, ...params10(trial, newId()) });
  return [
    `grpcurl${plaintext ? ' -plaintext' : ''} -H 'a2a-version: 1.0'`,
    ...(signed ? [`  -H "authorization: Bearer $${KEY}"`] : []),
    `  -d @ ${quoted(address)} lf.a2a.v1.A2AService/${trial.streaming ? 'SendStreamingMessage' : 'SendMessage'} <<'JSON'\n${body}\nJSON\n`,
  ].join(' \\\n');
}

/** A module for Node with the official SDK, held to the binding and version of the call. */
export function asSdk({ trial, target, signed }: CodeCall): string {
  const { url, binding, version } = target;
  const { origin, pathname } = new URL(url);
  const factory = binding === 'JSONRPC' ? 'JsonRpcTransportFactory' : 'RestTransportFactory';
  const options = [...(signed ? ['fetchImpl'] : []), ...(version === '0.3' ? ['legacyCompat: { enabled: true }'] : [])];
  const given = options.length === 0 ? '' : `{ ${options.join(', ')} }`;
  return `import { SendMessageRequest } from '@a2a-js/sdk';
import { ClientFactory, DefaultAgentCardResolver, ${factory} } from '@a2a-js/sdk/client';
${signed ? sdkKey : ''}
const resolver = new DefaultAgentCardResolver(${signed ? '{ fetchImpl }' : ''});
const card = await resolver.resolve(${js(origin)}, ${js(`${pathname}/.well-known/agent-card.json`)});
const supportedInterfaces = card.supportedInterfaces.filter(
  (one) => one.protocolBinding === ${js(binding)} && one.protocolVersion === ${js(version)},
);
const factory = new ClientFactory({ transports: [new ${factory}(${given})] });
const client = await factory.createFromAgentCard({ ...card, supportedInterfaces });
const request = SendMessageRequest.fromJSON(${inCode(params10(trial, ID))});
${
  trial.streaming
    ? 'for await (const event of client.sendMessageStream(request)) console.log(JSON.stringify(event));'
    : 'console.log(JSON.stringify(await client.sendMessage(request), undefined, 2));'
}
`;
}

const sdkKey = `
const fetchImpl = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Authorization', \`Bearer \${${KEY_IN_NODE}}\`);
  return fetch(url, { ...init, headers });
};
`;

/** A module for Node with this project's client, which has streams that resume, and its own API in place of a binding. */
export function asClient({ trial, agent, server, signed }: CodeCall): string {
  const { parts, contextId, taskId, streaming } = trial;
  const said = inCode({ parts, contextId });
  const call =
    taskId !== undefined
      ? `const task = await client.tasks.answer(${js(taskId)}, ${inCode({ parts })});
console.log(JSON.stringify(await client.tasks.settled(task.id), undefined, 2));`
      : streaming
        ? `for await (const { event } of client.agents.stream(${js(agent)}, ${said})) console.log(JSON.stringify(event));`
        : `console.log(JSON.stringify(await client.agents.call(${js(agent)}, ${said}), undefined, 2));`;
  return `import { ContinuoClient } from '@continuo/client';

const client = new ContinuoClient({ url: ${js(server)}${signed ? `, apiKey: ${KEY_IN_NODE}` : ''} });
${call}
`;
}

/** Stands in JSON for what makes a new id. */
const ID = '\u0000id';

/** JSON is JavaScript. */
function inCode(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(JSON.stringify(ID), 'crypto.randomUUID()');
}

function js(text: string): string {
  return JSON.stringify(text);
}
