/** A Continuo server as its operations, by their ids: what is behind `ContinuoClient`, for who needs no more. */
import { followEvents, type StreamEvent, type StreamOptions } from './event-stream.js';
import {
  Transport,
  type Answer,
  type CallOptions,
  type ContinuoClientOptions,
  type Given,
  type OperationId,
} from './transport.js';

/**
 * A server, and nothing but its operations by id: what `ContinuoClient` is built on, for whoever needs an operation
 * that has no method there.
 *
 * @example
 * const server = new ServerConnection({ url: 'http://127.0.0.1:4000' });
 * const { agents } = await server.call('listAgents', {});
 */
export class ServerConnection {
  /** @internal */
  protected readonly transport: Transport;

  constructor(options: ContinuoClientOptions) {
    this.transport = new Transport(options);
  }

  /** Any operation of the server's OpenAPI document, by its id. */
  call<Id extends OperationId>(id: Id, given: Given<Id>, options?: CallOptions): Promise<Answer<Id>> {
    return this.transport.call(id, given, options);
  }

  /** The address of an operation, with its parameters. */
  urlOf<Id extends OperationId>(id: Id, given: Omit<Given<Id>, 'body'>): string {
    const { path, query } = given as Parameters;
    return this.transport.urlOf(id, path, query);
  }

  /** One request to an address of the server, with the client's credentials; throws ContinuoApiError for whatever is no success. */
  async fetch(url: string, init: RequestInit = {}, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<Response> {
    return (await this.transport.open(url, init, { signal })).response;
  }

  /** An event stream as it comes, from an address of the server; it goes on where it was, until `signal` ends it. */
  stream(url: string, options: StreamOptions & { readonly ends?: boolean } = {}): AsyncGenerator<StreamEvent, void> {
    return followEvents(this.transport, url, { ...options, ends: options.ends ?? false });
  }
}

interface Parameters {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}
