/** The database that a ContinuoModule works with, and what a server of its own has opened before. */
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../platform/embedded-postgres/start.js';
import type { Config } from '../platform/config.js';
import type { Log } from '../platform/log.js';

/** A database of our own, or none where DATABASE_URL names one. */
export type Postgres = Pick<EmbeddedPostgres, 'url' | 'stop'>;

/** What whoever makes the module has opened before, and stops when the module can't be made. */
export interface Opened {
  readonly log: Log;
  readonly postgres: Postgres;
  /** Aborted when the start is not wanted any more: it then waits for nobody. */
  readonly signal: AbortSignal;
  /** The port of gRPC where that is chosen already; else the configuration says it. */
  readonly grpcPort?: number | undefined;
  /** The agents are only looked at: nothing is written, begun or listened for. Default: false. */
  readonly readOnly?: boolean;
  /** All that the server serves is Continuo's. Default: false. */
  readonly ownsServer?: boolean;
}

export const OPENED = Symbol('continuo:opened');

export async function openPostgres(config: Config, log: Log): Promise<Postgres> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: () => Promise.resolve() };
  return startEmbeddedPostgres({ dataDir: config.dataDir, log });
}
