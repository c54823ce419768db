/** The SQL of API keys: made, found by prefix, listed, revoked. */
import type { Scope } from '../platform/caller.js';
import type { Database, Queryable } from '../platform/database.js';
import type { ApiKey } from './api-key.js';

interface KeyRow {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly tenant: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly agents: readonly string[] | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

const columns = 'id, prefix, name, tenant, owner, scopes, agents, created_at, expires_at, last_used_at, revoked_at';

export interface StoredKey extends ApiKey {
  readonly hash: Buffer;
}

/** Undefined when there is a key with this id already. */
export async function insertKey(database: Queryable, key: StoredKey): Promise<ApiKey | undefined> {
  const [row] = await database.query<KeyRow>(
    `INSERT INTO api_keys (id, prefix, hash, tenant, owner, name, scopes, agents, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING ${columns}`,
    [
      key.id,
      key.prefix,
      key.hash,
      key.tenant,
      key.owner,
      key.name,
      key.scopes,
      key.agents ?? null,
      key.createdAt,
      key.expiresAt ?? null,
    ],
  );
  return row === undefined ? undefined : toKey(row);
}

/** The keys with these prefixes that are neither revoked nor expired at `now`. */
export async function findKeys(
  database: Database,
  prefixes: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, StoredKey>> {
  const rows = await database.prepared<KeyRow & { readonly hash: Buffer }>(
    'find-keys',
    `SELECT hash, ${columns} FROM api_keys
     WHERE prefix = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
    [prefixes, now.toISOString()],
  );
  return new Map(rows.map((row) => [row.prefix, { ...toKey(row), hash: row.hash }]));
}

/** Says that the key was used, unless another instance has said so within the minute. */
export async function noteUse(database: Database, id: string, now: Date): Promise<void> {
  await database.prepared(
    'note-key-use',
    `UPDATE api_keys SET last_used_at = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
    [id, now.toISOString()],
  );
}

/** Of one tenant, newest first, those made before the key `before`. */
export async function listKeys(
  database: Database,
  tenant: string,
  before: string | undefined,
  limit: number,
): Promise<readonly ApiKey[]> {
  const rows = await database.query<KeyRow>(
    `SELECT ${columns} FROM api_keys WHERE tenant = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [tenant, before ?? null, limit],
  );
  return rows.map(toKey);
}

export async function readKey(database: Database, tenant: string, id: string): Promise<ApiKey | undefined> {
  const [row] = await database.query<KeyRow>(`SELECT ${columns} FROM api_keys WHERE id = $1 AND tenant = $2`, [
    id,
    tenant,
  ]);
  return row === undefined ? undefined : toKey(row);
}

/** False for a key that doesn't exist or isn't of this tenant; one that was revoked before stays as it was. */
export async function revokeKey(database: Queryable, tenant: string, id: string, now: Date): Promise<boolean> {
  const rows = await database.query(
    'UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE id = $1 AND tenant = $2 RETURNING id',
    [id, tenant, now.toISOString()],
  );
  return rows.length > 0;
}

function toKey(row: KeyRow): ApiKey {
  const { id, prefix, name, tenant, owner, scopes, agents } = row;
  return {
    id,
    prefix,
    name,
    tenant,
    owner,
    scopes,
    ...(agents === null ? {} : { agents }),
    createdAt: row.created_at.toISOString(),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at.toISOString() }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
  };
}
