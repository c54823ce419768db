/** What a database still lacks of this version's schema: looked at, and left as it is. */
import { DatabaseServers } from './database-servers.js';
import { unreachable } from './migrate.js';
import { ownMigrations } from './migration-files.js';
import { judgeRows, readRows, type Judgement } from './migration-table.js';
import { WatchedClient } from './watched-client.js';

/** Throws DATABASE_NEWER or DATABASE_MISMATCH for one that this version must leave alone, CONFIG_INVALID when it isn't reached. */
export async function migrationState(databaseUrl: string): Promise<Judgement> {
  const known = await ownMigrations();
  const servers = new DatabaseServers(databaseUrl);
  const client = new WatchedClient({ servers, application_name: 'continuo migrate', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw unreachable(servers.where, error);
  });
  try {
    return judgeRows(await readRows(client), known);
  } finally {
    await client.end();
  }
}
