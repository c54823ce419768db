/** Deletes sessions with their messages; what else goes with a session is put together in retention/erase.ts. */
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { sessionKey } from './append-messages.js';

const sql = 'DELETE FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3 RETURNING id';

/** False for a session that doesn't exist or isn't the caller's. */
export async function deleteSession(client: Queryable, caller: Caller, contextId: string): Promise<boolean> {
  const rows = await client.query(sql, [sessionKey(caller, contextId), caller.tenant, caller.owner]);
  return rows.length > 0;
}

/** Deletes the session if nothing was said in it. */
export async function deleteEmptySession(client: Queryable, caller: Caller, contextId: string): Promise<void> {
  await client.query(
    `DELETE FROM sessions s WHERE id = $1 AND tenant = $2 AND owner = $3
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.session_id = s.id)`,
    [sessionKey(caller, contextId), caller.tenant, caller.owner],
  );
}

/** Deletes sessions by their keys, whosever they are. */
export async function deleteSessions(client: Queryable, keys: readonly string[]): Promise<void> {
  await client.query('DELETE FROM sessions WHERE id = ANY ($1::uuid[])', [keys]);
}
