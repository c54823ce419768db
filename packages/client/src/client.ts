/** `ContinuoClient`: a Continuo server as an object. */
import { AgentsClient } from './agents.js';
import { FilesClient } from './files.js';
import { AuditClient } from './audit.js';
import { KeysClient } from './keys.js';
import { MemoriesClient } from './memories.js';
import type { Caller, ErrorStatistics, TaskStatistics, UsageReport } from './schema.generated.js';
import { SessionsClient } from './sessions.js';
import { TasksClient } from './tasks.js';
import { ServerConnection } from './server-connection.js';
import type { CallOptions, ContinuoClientOptions, Given } from './transport.js';
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
export class ContinuoClient extends ServerConnection {
  readonly agents: AgentsClient;
  readonly tasks: TasksClient;
  readonly sessions: SessionsClient;
  readonly files: FilesClient;
  readonly memories: MemoriesClient;
  readonly webhooks: WebhooksClient;
  readonly keys: KeysClient;
  readonly audit: AuditClient;

  constructor(options: ContinuoClientOptions) {
    super(options);
    this.tasks = new TasksClient(this.transport);
    this.agents = new AgentsClient(this.transport, this.tasks);
    this.sessions = new SessionsClient(this.transport);
    this.files = new FilesClient(this.transport);
    this.memories = new MemoriesClient(this.transport);
    this.webhooks = new WebhooksClient(this.transport);
    this.keys = new KeysClient(this.transport);
    this.audit = new AuditClient(this.transport);
  }

  /** Who asks, and what they may do. */
  caller(options?: CallOptions): Promise<Caller> {
    return this.transport.call('getCaller', {}, options);
  }

  /** Tokens and cost of language models, by day unless `by` says otherwise. */
  usage(query: Given<'readUsage'>['query'] = {}, options?: CallOptions): Promise<UsageReport> {
    return this.transport.call('readUsage', { query }, options);
  }

  /** What tasks do now, and what became of them over the last hours; `statistics.errors()`: how they failed. */
  get statistics(): StatisticsCall {
    const { transport } = this;
    const count: Counted = (query = {}, options) => transport.call('readStatistics', { query }, options);
    const errors: StatisticsCall['errors'] = (query = {}, options) => transport.call('readErrors', { query }, options);
    return Object.assign(count, { errors });
  }
}

type Counted = (query?: Given<'readStatistics'>['query'], options?: CallOptions) => Promise<TaskStatistics>;

/** `client.statistics(query)`, and below it how tasks failed, those alike together, what failed most often first. */
export interface StatisticsCall extends Counted {
  /** How tasks failed over a time (`from`, `to`; default: the last 24 hours). */
  readonly errors: (query?: Given<'readErrors'>['query'], options?: CallOptions) => Promise<ErrorStatistics>;
}
