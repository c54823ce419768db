/** The way to a remote agent over gRPC, for the SDK's client: under the same rules for addresses as HTTP. gRPC is loaded by the first such agent. */
import { isIP } from 'node:net';
import type { AgentCard, SendMessageResponse } from '@a2a-js/sdk';
import type { Transport, TransportFactory } from '@a2a-js/sdk/client';
import type { Client, Interceptor, Metadata } from '@grpc/grpc-js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { ANSWER_BOUNDS } from '../../platform/egress/counted-answers.js';
import type { Egress } from '../../platform/egress/egress.js';
import { ensureInstalled } from '../../platform/optional-parts.js';

export interface GrpcAddress {
  /** Of the card: gRPC's addresses say nothing of TLS, so a card that came by plain HTTP leads to plain gRPC. */
  readonly cardUrl: string;
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  readonly egress: Pick<Egress, 'addresses'>;
}

const PLAIN = ['http:', 'grpc:'];
const DEFAULT_PORTS = { plain: '80', tls: '443' } as const;

export class GrpcTransports implements TransportFactory {
  readonly protocolName = 'GRPC';

  #client: Pick<Client, 'close'> | undefined;

  constructor(private readonly address: GrpcAddress) {}

  /** The connection, where one was made. */
  close(): void {
    this.#client?.close();
  }

  /** Throws EgressRefused for an address that must not be called, and TerminalError for what is none. */
  async create(url: string, card: AgentCard): Promise<Transport> {
    const { cardUrl, headers, egress } = this.address;
    const { host, port, plain } = targetOf(url, cardUrl);
    const addresses = await egress.addresses(plain ? 'http:' : 'https:', host);
    ensureInstalled('grpc', 'A remote agent that speaks gRPC');
    const [grpc, { GrpcTransportFactory }, { A2AService }, { decodeStatus, GRPC_STATUS_DETAILS_BIN }] =
      await Promise.all([
        import('@grpc/grpc-js'),
        import('@a2a-js/sdk/client/grpc'),
        import('@a2a-js/sdk/server/grpc'),
        import('@a2a-js/sdk/errors/grpc'),
      ]);
    const credentials = plain ? grpc.credentials.createInsecure() : grpc.credentials.createSsl();
    const service = { ...A2AService, sendMessage: whole(A2AService.sendMessage) };
    const A2AClient = grpc.makeClientConstructor(service, 'lf.a2a.v1.A2AService');
    const hasReadableDetails = (metadata: Metadata): boolean => {
      try {
        for (const details of metadata.get(GRPC_STATUS_DETAILS_BIN)) decodeStatus(Buffer.from(details));
        return true;
      } catch {
        return false;
      }
    };
    // What the SDK can't decode it throws where nobody catches it: in a callback of gRPC's.
    const readable = new grpc.ListenerBuilder().withOnReceiveStatus(({ metadata, ...status }, next) => {
      next({ ...status, metadata: hasReadableDetails(metadata) ? metadata : new grpc.Metadata() });
    });
    const edges: Interceptor = (options, next) =>
      new grpc.InterceptingCall(next(options), {
        start: (metadata, _, start) => {
          for (const [name, value] of Object.entries({ ...headers, ...tracing()?.headers() }))
            metadata.set(name, value);
          start(metadata, readable.build());
        },
      });
    const client = new A2AClient(target(addresses, port), credentials, {
      // The address was judged: it is connected to, and called by its name all the same.
      'grpc.default_authority': `${host}:${port}`,
      'grpc.ssl_target_name_override': host,
      'grpc.enable_http_proxy': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.max_receive_message_length': ANSWER_BOUNDS.bytes,
      interceptors: [edges],
    });
    this.#client = client;
    // The SDK's transport makes a client without options; its own has called nobody yet.
    const transport = await new GrpcTransportFactory().create(target(addresses, port), card);
    return Object.assign(transport, { grpcClient: client });
  }
}

/** The SDK throws for an answer that is neither a task nor a message, too, where nobody catches it; so it is none that gRPC can read. */
function whole<Method extends { readonly responseDeserialize: (bytes: Buffer) => SendMessageResponse }>(
  method: Method,
) {
  const responseDeserialize = (bytes: Buffer): SendMessageResponse => {
    const answer = method.responseDeserialize(bytes);
    if (answer.payload === undefined) throw new Error('neither a task nor a message');
    return answer;
  };
  return { ...method, responseDeserialize };
}

/** As A2A has it `host:port` (section 4.4.6); some write it as a URL. */
function targetOf(url: string, cardUrl: string) {
  const isUrl = /^[a-z]+:\/\//i.test(url);
  const text = isUrl ? url : `${new URL(cardUrl).protocol === 'http:' ? 'grpc' : 'grpcs'}://${url}`;
  if (!URL.canParse(text))
    throw new TerminalError(`The remote agent's card has ${url} for gRPC, which is no host:port.`);
  const { protocol, hostname, port } = new URL(text);
  const plain = PLAIN.includes(protocol);
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (host === '') throw new TerminalError(`The remote agent's card has ${url} for gRPC, which is no host:port.`);
  return { host, port: port || DEFAULT_PORTS[plain ? 'plain' : 'tls'], plain };
}

function target(addresses: readonly string[], port: string): string {
  const [first = ''] = addresses;
  const family = isIP(first);
  const same = addresses.filter((address) => isIP(address) === family);
  const all = same.map((address) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`));
  return `${family === 6 ? 'ipv6' : 'ipv4'}:${all.join(',')}`;
}
