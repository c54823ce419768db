/** Renames a session and replaces its metadata. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import { titleWords } from './words.js';
import type { Session } from './session.js';
import { sessionColumns, toSession, type SessionRow } from './session-row.js';
import type { SessionChange } from './store-requests.js';

const sql = `
UPDATE sessions SET
  title = CASE WHEN $4 THEN $5 ELSE title END,
  title_words = CASE WHEN $4 THEN ${titleWords('$2', '$3', '$5')} ELSE title_words END,
  metadata = CASE WHEN $6 THEN $7::json ELSE metadata END,
  updated_at = greatest(updated_at, $8)
WHERE id = $1 AND tenant = $2 AND owner = $3
RETURNING ${sessionColumns}`;

/** Undefined for a session that doesn't exist or isn't the caller's. */
export async function updateSession(
  database: Database,
  caller: Caller,
  contextId: string,
  { title, metadata }: SessionChange,
  at: Date,
): Promise<Session | undefined> {
  const [row] = await database.query<SessionRow>(sql, [
    sessionKey(caller, contextId),
    caller.tenant,
    caller.owner,
    title !== undefined,
    title ?? null,
    metadata !== undefined,
    metadata == null ? null : JSON.stringify(metadata),
    at.toISOString(),
  ]);
  return row === undefined ? undefined : toSession(row);
}
