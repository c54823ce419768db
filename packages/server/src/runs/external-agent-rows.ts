/** The SQL of the remote agents that administrators connect: which there are, for all instances, and which there were. */
import type { Queryable } from '../platform/database.js';
import { unregisterAgent } from './instances.js';

/** Those that were disconnected longest ago are forgotten: their names need not be remembered for ever. */
const MOST_REMEMBERED = 1_000;

export interface ConnectedAgentRow {
  readonly name: string;
  readonly id: string;
  readonly card: string;
  readonly patienceMs: number;
  readonly headerNames: readonly string[];
  /** Sealed; null: none. */
  readonly headers: string | null;
  readonly tenant: string;
  readonly owner: string;
  readonly connectedAt: Date;
  /** Of the card as administrators know it, and since when; null: nobody has read it yet. */
  readonly knownDigest: string | null;
  readonly knownAt: Date | null;
}

/** A card as administrators know it. */
export interface KnownCardRow {
  readonly digest: string;
  /** By the paths of its fields. */
  readonly fields: Readonly<Record<string, string>>;
  readonly at: Date;
}

const columns = `name, id, card, patience_ms AS "patienceMs", header_names AS "headerNames", headers,
  by_tenant AS tenant, by_owner AS owner, connected_at AS "connectedAt", known_digest AS "knownDigest", known_at AS "knownAt"`;

/** By their names. */
export function readConnected(database: Queryable): Promise<readonly ConnectedAgentRow[]> {
  return database.query<ConnectedAgentRow & Record<string, unknown>>(
    `SELECT ${columns} FROM external_agents WHERE disconnected_at IS NULL ORDER BY name`,
  );
}

export async function readConnection(database: Queryable, name: string): Promise<ConnectedAgentRow | undefined> {
  const [row] = await database.query<ConnectedAgentRow & Record<string, unknown>>(
    `SELECT ${columns} FROM external_agents WHERE name = $1 AND disconnected_at IS NULL`,
    [name],
  );
  return row;
}

/** Undefined while nobody has read it. */
export async function readKnownCard(database: Queryable, id: string): Promise<KnownCardRow | undefined> {
  const [row] = await database.query<KnownCardRow & Record<string, unknown>>(
    `SELECT known_digest AS digest, known_fields AS fields, known_at AS at FROM external_agents
     WHERE id = $1 AND known_digest IS NOT NULL`,
    [id],
  );
  return row;
}

/** False when the agent is connected no more or, with `first`, a card of it is known already. */
export async function keepKnownCard(
  client: Queryable,
  id: string,
  { digest, fields, at }: KnownCardRow,
  { first }: { readonly first: boolean },
): Promise<boolean> {
  const kept = await client.query(
    `UPDATE external_agents SET known_digest = $2, known_fields = $3, known_at = $4
     WHERE id = $1 AND disconnected_at IS NULL AND (known_digest IS NULL OR NOT $5) RETURNING name`,
    [id, digest, JSON.stringify(fields), at, first],
  );
  return kept.length > 0;
}

/** The names of agents that were connected, and are no more. */
export async function readDisconnected(database: Queryable): Promise<readonly string[]> {
  const rows = await database.query<{ name: string }>(
    'SELECT name FROM external_agents WHERE disconnected_at IS NOT NULL ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

/**
 * What became of it: `taken` when an agent of this name is connected, `full` when there are `most` already. In a
 * transaction, for whoever counts holds the table.
 */
export async function insertConnection(
  client: Queryable,
  row: ConnectedAgentRow & { readonly knownFields: KnownCardRow['fields'] },
  most: number,
): Promise<'connected' | 'taken' | 'full'> {
  await client.query('LOCK TABLE external_agents IN SHARE ROW EXCLUSIVE MODE');
  const rows = await client.query<{ name: string }>('SELECT name FROM external_agents WHERE disconnected_at IS NULL');
  if (rows.some(({ name }) => name === row.name)) return 'taken';
  if (rows.length >= most) return 'full';
  await client.query(
    `INSERT INTO external_agents (name, id, card, patience_ms, header_names, headers, by_tenant, by_owner, connected_at,
       known_digest, known_fields, known_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (name) DO UPDATE SET id = EXCLUDED.id, card = EXCLUDED.card, patience_ms = EXCLUDED.patience_ms,
       header_names = EXCLUDED.header_names, headers = EXCLUDED.headers, by_tenant = EXCLUDED.by_tenant,
       by_owner = EXCLUDED.by_owner, connected_at = EXCLUDED.connected_at, disconnected_at = NULL,
       known_digest = EXCLUDED.known_digest, known_fields = EXCLUDED.known_fields, known_at = EXCLUDED.known_at`,
    [
      row.name,
      row.id,
      row.card,
      row.patienceMs,
      row.headerNames,
      row.headers,
      row.tenant,
      row.owner,
      row.connectedAt,
      row.knownDigest,
      JSON.stringify(row.knownFields),
      row.knownAt,
    ],
  );
  return 'connected';
}

/**
 * False when none of this name is connected. From the commit on no instance claims a task of the agent, whether it has
 * noticed or not; its headers are gone. In a transaction.
 */
export async function markDisconnected(client: Queryable, name: string, agent: string): Promise<boolean> {
  const gone = await client.query(
    `UPDATE external_agents SET headers = NULL, header_names = '{}', disconnected_at = now(),
       known_digest = NULL, known_fields = NULL, known_at = NULL
     WHERE name = $1 AND disconnected_at IS NULL RETURNING name`,
    [name],
  );
  if (gone.length === 0) return false;
  await client.query(
    `DELETE FROM external_agents WHERE name IN (
       SELECT name FROM external_agents WHERE disconnected_at IS NOT NULL ORDER BY disconnected_at DESC OFFSET $1)`,
    [MOST_REMEMBERED],
  );
  await unregisterAgent(client, agent);
  return true;
}
