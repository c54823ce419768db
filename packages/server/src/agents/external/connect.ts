/** Finds the way to a remote agent from its card: A2A 1.0 or 0.3, over the transport that the card prefers. */
import type { AgentCard, AgentInterface } from '@a2a-js/sdk';
import {
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
  type Client,
} from '@a2a-js/sdk/client';
import { ANSWER_BOUNDS, countedBy, DOCUMENT_BOUNDS, type AnswerBounds } from '../../platform/egress/counted-answers.js';
import { EgressRefused, type Egress } from '../../platform/egress/egress.js';
import { messageOf, TerminalError } from '../../platform/errors.js';
import type { CardTrust } from './card-trust.js';
import { GrpcTransports } from './grpc-transport.js';
import { REFUSED, RemoteFault, RemoteRefusal } from './remote-errors.js';

export interface RemoteAddress {
  readonly cardUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Judges every address that is connected to. */
  readonly egress: Pick<Egress, 'fetch' | 'addresses'>;
  /** Judges its signatures. */
  readonly trust: Pick<CardTrust, 'checked'>;
}

const CARD_TIMEOUT_MS = 20_000;
const TRANSPORTS: readonly string[] = ['JSONRPC', 'HTTP+JSON', 'GRPC'];
const legacyCompat = { enabled: true };

/** What no further attempt changes, by its status of HTTP. */
const refusals: Readonly<Record<number, string>> = {
  401: "doesn't take the credentials of this server",
  403: "doesn't allow this server to call it",
  413: 'finds the message too large',
};

/** Throws Error when it can't be read. */
export async function readCard({ cardUrl, headers, egress, trust }: RemoteAddress): Promise<AgentCard> {
  const signal = AbortSignal.timeout(CARD_TIMEOUT_MS);
  const fetchCard = fetchWith(headers, egress, DOCUMENT_BOUNDS);
  const fetchImpl: typeof fetch = async (input, init) => {
    const response = await fetchCard(input, { ...init, signal });
    return response.ok ? Response.json(await trust.checked(await response.json(), cardUrl)) : response;
  };
  try {
    return await new DefaultAgentCardResolver({ fetchImpl, legacyCompat }).resolve(cardUrl, '');
  } catch (error) {
    if (error instanceof TerminalError) throw error;
    throw new Error(`its card can't be read: ${messageOf(error)}`, { cause: error });
  }
}

export interface Connection {
  readonly client: Client;
  readonly streaming: boolean;
  /** For whoever calls it no more. */
  readonly close: () => void;
}

/** Throws TerminalError when the card names no transport that is spoken here. */
export async function connect(address: RemoteAddress): Promise<Connection> {
  const card = await readCard(address);
  const offered = (card.supportedInterfaces ?? []).filter(isSpoken);
  if (offered.length === 0) {
    const found = (card.supportedInterfaces ?? []).map(nameOf).join(', ') || 'none';
    throw new TerminalError(`The remote agent's card offers ${found}, but ${TRANSPORTS.join(' or ')} is needed.`);
  }
  const options = { fetchImpl: fetchWith(address.headers, address.egress, ANSWER_BOUNDS), legacyCompat };
  const grpc = new GrpcTransports(address);
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options), grpc],
  });
  const client = await factory.createFromAgentCard({ ...card, supportedInterfaces: offered }).catch(toRefusal);
  return { client, streaming: card.capabilities?.streaming === true, close: () => grpc.close() };
}

/** gRPC of 0.3 is another service. */
function isSpoken({ protocolBinding, protocolVersion }: AgentInterface): boolean {
  const binding = protocolBinding.toUpperCase();
  return TRANSPORTS.includes(binding) && !(binding === 'GRPC' && protocolVersion.startsWith('0.'));
}

function nameOf({ protocolBinding, protocolVersion }: AgentInterface): string {
  return protocolBinding.toUpperCase() === 'GRPC' ? `${protocolBinding} of ${protocolVersion}` : protocolBinding;
}

/** With headers to keep, it follows no redirect: they would go along to wherever it leads. */
function fetchWith(own: RemoteAddress['headers'], egress: RemoteAddress['egress'], bounds: AnswerBounds): typeof fetch {
  const entries = Object.entries(own);
  const fetchCounted = countedBy(egress, bounds);
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of entries) headers.set(name, value);
    const redirect = entries.length > 0 ? 'manual' : 'follow';
    const response = await fetchCounted(input, { ...init, headers: [...headers], redirect }).catch(toRefusal);
    const redirected = response.status >= 300 && response.status < 400;
    const refusal = redirected ? 'redirects, which is not followed with credentials' : refusals[response.status];
    if (refusal === undefined && (response.status !== 500 || isJson(response))) return response;
    if (refusal === undefined) throw new RemoteFault(`HTTP 500: ${await response.text()}`);
    await response.body?.cancel();
    throw new RemoteRefusal(REFUSED, `The remote agent ${refusal} (HTTP ${response.status}).`);
  };
}

/** What the operator has not allowed is not tried again. */
function toRefusal(error: unknown): never {
  const refused = error instanceof Error && error.cause instanceof EgressRefused ? error.cause : error;
  if (!(refused instanceof EgressRefused)) throw error;
  throw new RemoteRefusal(REFUSED, `The remote agent is not called: ${refused.message}.`);
}

/** Then it may say what went wrong in A2A's words. */
function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.includes('json') === true;
}
