/** The connection that a backup is written or read over, for as long as that takes. */
import { DatabaseServers } from '../database-servers.js';
import { unreachable } from '../migrate.js';
import { WatchedClient } from '../watched-client.js';

const PATIENCE_MS = 24 * 60 * 60 * 1000;

/** Nothing ends it for taking long; and texts are written as every database reads them, whatever this one prefers. */
const SETTINGS = [
  'SET statement_timeout = 0',
  'SET idle_in_transaction_session_timeout = 0',
  "SET client_encoding = 'UTF8'",
  "SET datestyle = 'ISO'",
  "SET intervalstyle = 'postgres'",
  "SET bytea_output = 'hex'",
  'SET extra_float_digits = 1',
];

/** Throws CONFIG_INVALID when the database isn't reached. */
export async function connected<Result>(
  databaseUrl: string,
  work: (client: WatchedClient) => Promise<Result>,
): Promise<Result> {
  const servers = new DatabaseServers(databaseUrl);
  const client = new WatchedClient({ servers, application_name: 'continuo backup', connectionTimeoutMillis: 10_000 });
  client.patienceMs = PATIENCE_MS;
  await client.connect().catch((error: unknown) => {
    throw unreachable(servers.where, error);
  });
  try {
    await prepare(client);
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function prepare(client: WatchedClient): Promise<void> {
  for (const setting of SETTINGS) await client.rows(setting);
}
