/** Finds the way to a remote agent from its card: A2A 1.0 or 0.3, over the transport that the card prefers. */
import type { AgentCard, AgentInterface } from '@a2a-js/sdk';
import { ClientFactory, JsonRpcTransportFactory, RestTransportFactory, type Client } from '@a2a-js/sdk/client';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { SESSIONS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { ANSWER_BOUNDS } from '../../platform/egress/counted-answers.js';
import { GrpcTransports } from './grpc-transport.js';
import { JsonTransports } from './json-transports.js';
import { readCard } from './remote-card.js';
import { fetchWith, toRefusal, type RemoteAddress } from './remote-fetch.js';
import { fieldsIn } from './spelling.js';

const TRANSPORTS: readonly string[] = ['JSONRPC', 'HTTP+JSON', 'GRPC'];

export interface Connection {
  readonly client: Client;
  readonly card: AgentCard;
  readonly streaming: boolean;
  /** Its card says that it makes one task of a message that comes twice, as another Continuo does. */
  readonly knowsRepeats: boolean;
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
  const fetchAnswer = fetchWith(address.headers, address.egress, ANSWER_BOUNDS);
  const grpc = new GrpcTransports(address);
  const factory = new ClientFactory({
    transports: [
      new JsonTransports(JsonRpcTransportFactory, fetchAnswer),
      new JsonTransports(RestTransportFactory, fetchAnswer),
      grpc,
    ],
  });
  const client = await factory.createFromAgentCard({ ...card, supportedInterfaces: offered }).catch(toRefusal);
  const { streaming, extensions } = card.capabilities ?? {};
  const knowsRepeats = fieldsIn(extensions).some(({ uri }) => uri === SESSIONS_EXTENSION);
  return { client, card, streaming: streaming === true, knowsRepeats, close: () => grpc.close() };
}

/** gRPC of 0.3 is another service. */
export function isSpoken({
  protocolBinding,
  protocolVersion,
}: Pick<AgentInterface, 'protocolBinding' | 'protocolVersion'>): boolean {
  const binding = protocolBinding.toUpperCase();
  return TRANSPORTS.includes(binding) && !(binding === 'GRPC' && protocolVersion.startsWith('0.'));
}

function nameOf({ protocolBinding, protocolVersion }: AgentInterface): string {
  return protocolBinding.toUpperCase() === 'GRPC' ? `${protocolBinding} of ${protocolVersion}` : protocolBinding;
}
