/** The database of this configuration for as long as a command needs it: named, or of our own, which is then started or joined. */
import type { Config } from './config.js';
import { Database } from './database.js';
import { startEmbeddedPostgres } from './embedded-postgres/start.js';
import { endOnSignals } from './end-on-signals.js';
import { createLog, secretsOf, type Log } from './log.js';

export interface OpenDatabase {
  readonly url: string;
  readonly database: Database;
  readonly log: Log;
}

/**
 * Nothing is migrated here. A signal ends the process meanwhile, and a PostgreSQL of our own that nobody else uses with it.
 * Throws EmbeddedPostgresError, and what `work` throws.
 */
export async function withDatabase<Result>(
  config: Config,
  work: (open: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const calledOff = endOnSignals();
  try {
    const log = createLog('error', { secrets: secretsOf(config), toStderr: true });
    const own =
      config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
    const url = own?.url ?? config.databaseUrl ?? '';
    const database = new Database(url, { poolSize: 2, log });
    try {
      return await work({ url, database, log });
    } finally {
      await database.close();
      await own?.stop();
    }
  } finally {
    calledOff();
  }
}
