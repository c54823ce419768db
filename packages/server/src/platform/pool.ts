/** A pool of PostgreSQL connections: when one of them falls silent, it lets go of all that may be dead with it. */
import pg from 'pg';
import { isConnectionError, lacksResources } from '@continuo/agent/internal/platform/database-errors.js';
import type { DatabaseServers } from './database-servers.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics/metrics.js';
import { CONNECT_MS, SILENCE_MS, startWith, WatchedClient, type WatchedConfig } from './watched-client.js';

export interface PoolOptions {
  readonly poolSize: number;
  readonly log: Log;
  /** Settings of each session. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** What metrics call it. Default: it is in none. */
  readonly name?: string;
  readonly metrics?: Metrics | undefined;
}

/**
 * What a paused or cut-off process has locked in the middle of a transaction is free again after this time, before others
 * take its work over.
 */
export const IDLE_IN_TRANSACTION_MS = 2_000;
/** A full disk refuses every statement: it is told of once in a while. */
const TELL_EVERY_MS = 5_000;
/** A server that refuses does so at once. */
const QUICK_MS = 1_000;

export type PooledClient = WatchedClient & Pick<pg.PoolClient, 'release'>;

export class Pool extends pg.Pool {
  /** Called when a connection has fallen silent. */
  onSilence: () => void = () => undefined;
  readonly #all = new Set<WatchedClient>();
  readonly #log: Log;
  readonly #noteWait: (seconds: number) => void = () => undefined;
  /** When a statement was last refused for want of something, as `performance.now()` counts. */
  #toldAt = -Infinity;

  constructor(
    private readonly servers: DatabaseServers,
    { poolSize, log, settings, name: pool, metrics }: PoolOptions,
  ) {
    const config: pg.PoolConfig & WatchedConfig = {
      servers,
      max: poolSize,
      application_name: 'continuo',
      connectionTimeoutMillis: CONNECT_MS,
      options: startWith({ idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS, ...settings }),
      Client: WatchedClient,
    };
    super(config);
    this.#log = log;
    if (pool !== undefined && metrics !== undefined) {
      const { record } = metrics;
      this.#noteWait = (seconds) => record.poolWait({ pool }, seconds);
      metrics.beforeScrape(() => {
        record.poolConnections({ pool, state: 'idle' }, this.idleCount);
        record.poolConnections({ pool, state: 'busy' }, this.totalCount - this.idleCount);
        record.poolWaiting({ pool }, this.waitingCount);
      });
    }
    this.on('error', (error) => log.debug({ err: error.message }, 'lost an idle database connection'));
    this.on('connect', (client) => this.#add(client));
    this.on('acquire', (client) => watched(client, (one) => this.#acquired(one)));
    this.on('release', (_error, client) => watched(client, (one) => this.#released(one)));
    this.on('remove', (client) => watched(client, (one) => this.#all.delete(one)));
  }

  /** A connection, which has to be released; throws after CONNECT_MS. */
  async take(): Promise<PooledClient> {
    const since = performance.now();
    try {
      const client = (await this.connect()) as unknown as PooledClient;
      this.#noteWait((performance.now() - since) / 1_000);
      return client;
    } catch (error) {
      const quick = performance.now() - since < QUICK_MS;
      if (!quick || !this.servers.several || !isConnectionError(error)) throw error;
      // The server that it led to has been doubted: this time all of them are asked.
      return (await this.connect()) as unknown as PooledClient;
    }
  }

  /** Gives up every connection that may be dead: those free at once, the others when they are, or are silent as well. */
  doubt(): void {
    for (const client of this.#all) {
      if (!client.taken || client.silentForMs > SILENCE_MS / 2) client.giveUp();
      else client.retired = true;
    }
  }

  /** Tells whoever runs the server why callers are refused: PostgreSQL lacks room, memory, or connections. */
  failed(error: unknown): void {
    const now = performance.now();
    if (!lacksResources(error) || now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#log.warn({ err: error.message, code: error.code }, 'PostgreSQL refuses statements for want of resources');
  }

  #add(client: pg.PoolClient): void {
    watched(client, (one) => {
      this.#all.add(one);
      one.onSilence = () => {
        this.doubt();
        this.onSilence();
      };
    });
  }

  #acquired(client: WatchedClient): void {
    client.taken = true;
    client.patienceMs = SILENCE_MS;
  }

  #released(client: WatchedClient): void {
    client.taken = false;
    // The pool takes back none that has ended.
    if (client.retired) client.discard();
  }
}

function watched(client: unknown, then: (client: WatchedClient) => void): void {
  if (client instanceof WatchedClient) then(client);
}
