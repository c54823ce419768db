/** `ContinuoClient`: a Continuo server as an object. */
import { AgentsClient } from './agents.js';
import { followEvents, type StreamEvent, type StreamOptions } from './event-stream.js';
import { FilesClient } from './files.js';
import { KeysClient } from './keys.js';
import { MemoriesClient } from './memories.js';
import type { Caller, TaskStatistics, UsageReport } from './schema.generated.js';
import { SessionsClient } from './sessions.js';
import { TasksClient } from './tasks.js';
import {
  Transport,
  type Answer,
  type CallOptions,
  type ContinuoClientOptions,
  type Given,
  type OperationId,
} from './transport.js';
import { WebhooksClient } from './webhooks.js';

/**
 * All calls throw ContinuoApiError for what the server refuses, and when it can't be reached; what failed in passing is sent
 * again before that, under the same idempotency key.
 *
 * @example
 * const client = new ContinuoClient({ url: 'http://127.0.0.1:4000' });
 * const task = await client.agents.call('context/assistant', 'Good morning');
 * console.log(answerOf(task));
 */
export class ContinuoClient {
  readonly agents: AgentsClient;
  readonly tasks: TasksClient;
  readonly sessions: SessionsClient;
  readonly files: FilesClient;
  readonly memories: MemoriesClient;
  readonly webhooks: WebhooksClient;
  readonly keys: KeysClient;
  readonly #transport: Transport;

  constructor(options: ContinuoClientOptions) {
    this.#transport = new Transport(options);
    this.tasks = new TasksClient(this.#transport);
    this.agents = new AgentsClient(this.#transport, this.tasks);
    this.sessions = new SessionsClient(this.#transport);
    this.files = new FilesClient(this.#transport);
    this.memories = new MemoriesClient(this.#transport);
    this.webhooks = new WebhooksClient(this.#transport);
    this.keys = new KeysClient(this.#transport);
  }

  /** Who asks, and what they may do. */
  caller(options?: CallOptions): Promise<Caller> {
    return this.#transport.call('getCaller', {}, options);
  }

  /** Tokens and cost of language models, by day unless `by` says otherwise. */
  usage(query: Given<'readUsage'>['query'] = {}, options?: CallOptions): Promise<UsageReport> {
    return this.#transport.call('readUsage', { query }, options);
  }

  /** What tasks do now, and what became of them over the last hours. */
  statistics(query: Given<'readStatistics'>['query'] = {}, options?: CallOptions): Promise<TaskStatistics> {
    return this.#transport.call('readStatistics', { query }, options);
  }

  /** Any operation of the server's OpenAPI document, by its id. */
  call<Id extends OperationId>(id: Id, given: Given<Id>, options?: CallOptions): Promise<Answer<Id>> {
    return this.#transport.call(id, given, options);
  }

  /** The address of an operation, with its parameters. */
  urlOf<Id extends OperationId>(id: Id, given: Omit<Given<Id>, 'body'>): string {
    const { path, query } = given as Parameters;
    return this.#transport.urlOf(id, path, query);
  }

  /** One request to an address of the server, with the client's credentials; throws ContinuoApiError for whatever is no success. */
  async fetch(url: string, init: RequestInit = {}, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<Response> {
    return (await this.#transport.open(url, init, { signal })).response;
  }

  /** An event stream as it comes, from an address of the server; it goes on where it was, until `signal` ends it. */
  stream(url: string, options: StreamOptions & { readonly ends?: boolean } = {}): AsyncGenerator<StreamEvent, void> {
    return followEvents(this.#transport, url, { ...options, ends: options.ends ?? false });
  }
}

interface Parameters {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}
