/** With whom a session is shared, row by row. */
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Database, Queryable } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import type { PageRequest } from './store-requests.js';
import type { Access, SessionPage, SessionShare } from './session.js';
import { toPage, withinBytes, type PagedRow } from './session-page.js';
import { sessionColumns, toSession } from './session-row.js';

const cursor = new Cursor('shared sessions', timePosition);

/** The owners with whom one session may be shared. */
export const MOST_SHARES = 100;

interface ShareRow {
  owner: string;
  access: Access;
  created_at: Date;
}

/** One after the other: all of them are counted by the statement that comes behind this one. */
const lockSql = 'SELECT 1 FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3 FOR NO KEY UPDATE';

const shareSql = `
WITH session AS (SELECT id, tenant FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3),
shared AS (
  INSERT INTO session_shares (session_id, tenant, owner, access, created_at)
  SELECT id, tenant, $4, $5, $6 FROM session
  WHERE (SELECT count(*) FROM session_shares WHERE session_id = $1 AND owner <> $4) < ${MOST_SHARES}
  ON CONFLICT (session_id, owner) DO UPDATE SET access = EXCLUDED.access
  RETURNING owner, access, created_at
)
SELECT h.owner, h.access, h.created_at FROM session LEFT JOIN shared h ON true`;

/** In a transaction. Undefined for a session that doesn't exist or isn't the caller's; null when it is shared with too many already. */
export async function upsertShare(
  client: Queryable,
  caller: Caller,
  contextId: string,
  { owner, access }: Pick<SessionShare, 'owner' | 'access'>,
  at: Date,
): Promise<SessionShare | null | undefined> {
  const session = [sessionKey(caller, contextId), caller.tenant, caller.owner];
  await client.query(lockSql, session);
  const values = [...session, owner, access, at.toISOString()];
  const [row] = await client.query<ShareRow | { owner: null }>(shareSql, values);
  if (row === undefined) return undefined;
  return row.owner === null ? null : toShare(row);
}

/** False when it was not shared with this owner. */
export async function deleteShare(
  client: Queryable,
  caller: Caller,
  contextId: string,
  owner: string,
): Promise<boolean> {
  const rows = await client.query(
    `DELETE FROM session_shares h USING sessions s
     WHERE s.id = $1 AND s.tenant = $2 AND s.owner = $3 AND h.session_id = s.id AND h.owner = $4 RETURNING h.owner`,
    [sessionKey(caller, contextId), caller.tenant, caller.owner, owner],
  );
  return rows.length > 0;
}

/** In the order of their names. */
export async function listShares(
  database: Database,
  caller: Caller,
  contextId: string,
): Promise<readonly SessionShare[]> {
  const rows = await database.query<ShareRow>(
    `SELECT h.owner, h.access, h.created_at FROM sessions s JOIN session_shares h ON h.session_id = s.id
     WHERE s.id = $1 AND s.tenant = $2 AND s.owner = $3 ORDER BY h.owner`,
    [sessionKey(caller, contextId), caller.tenant, caller.owner],
  );
  return rows.map(toShare);
}

/** What the caller may do in somebody's session; undefined: nothing. `key` is the session's. */
export async function readAccess(database: Database, caller: Caller, key: string): Promise<Access | undefined> {
  const rows = await database.query<{ access: Access }>(
    'SELECT access FROM session_shares WHERE session_id = $1 AND tenant = $2 AND owner = $3',
    [key, caller.tenant, caller.owner],
  );
  return rows[0]?.access;
}

/** The sessions that others share with the caller, the last one shared first. */
export async function listShared(
  database: Database,
  caller: Caller,
  { size, token }: PageRequest,
): Promise<SessionPage> {
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['h.tenant = $1', 'h.owner = $2'];
  if (token !== '') {
    const [at, id] = cursor.decode(token);
    where.push(`(h.created_at, h.session_id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
  }
  const columns = sessionColumns.replaceAll(/\w+/g, (column) => `s.${column}`);
  const found = `
    SELECT h.session_id AS id, ${columns}, s.owner, h.access, h.created_at AS shared_at,
           to_char(h.created_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
    FROM session_shares h JOIN sessions s ON s.id = h.session_id WHERE ${where.join(' AND ')}
    ORDER BY h.created_at DESC, h.session_id DESC LIMIT $${values.push(size + 1)}`;
  const most = `$${values.push(database.shares.mostBytes)}::int`;
  const rows = await database.query<PagedRow & { owner: string; access: Access }>(
    withinBytes(found, 'shared_at DESC, id DESC', most),
    values,
  );
  return toPage(rows, size, {
    session: (row) => ({ ...toSession(row), owner: row.owner, access: row.access }),
    token: ({ cursor_at, id }) => cursor.encode([cursor_at, id]),
  });
}

function toShare({ owner, access, created_at }: ShareRow): SessionShare {
  return { owner, access, createdAt: created_at.toISOString() };
}
