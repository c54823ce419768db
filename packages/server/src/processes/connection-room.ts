/** Whether PostgreSQL lets in as many connections as all processes together may make. */
import { DatabaseServers } from '../platform/database-servers.js';
import type { Log } from '../platform/log.js';
import { WatchedClient } from '../platform/watched-client.js';

/** Each instance has two pools, and two connections that listen (docs/instances.md). */
const POOLS = 2;
const LISTENING = 2;

/** While they are reloaded there is one process more. */
export function connectionsOf(processes: number, poolSize: number): number {
  return (processes + 1) * (POOLS * poolSize + LISTENING);
}

/** Warns when `wanted` are too many. Says nothing when it can't be asked: the processes will say why. */
export async function warnOfConnections(databaseUrl: string, wanted: number, log: Log): Promise<void> {
  const client = new WatchedClient({ servers: new DatabaseServers(databaseUrl), application_name: 'continuo' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const rows = await client.rows<{ most: number }>(
      `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`,
    );
    const most = rows[0]?.most ?? wanted;
    if (most >= wanted) return;
    log.warn(
      { connections: wanted, allowed: most },
      'the processes may need more connections than PostgreSQL allows: lower CONTINUO_PROCESSES or CONTINUO_DATABASE_POOL, or raise max_connections',
    );
  } catch {
    // The first process finds out what is wrong, and says it.
  } finally {
    await client.end().catch(() => undefined);
  }
}
