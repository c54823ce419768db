/** Opens a session for what is to lie in it, or notes that one was touched. */
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { sessionKey } from './append-messages.js';

const sql = `
INSERT INTO sessions AS s (id, tenant, owner, context_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (id) DO UPDATE SET updated_at = greatest(s.updated_at, EXCLUDED.updated_at)`;

/** In the transaction of `client`, which holds the session's row from then on; answers with its key. */
export async function openSession(client: Queryable, caller: Caller, contextId: string, at: Date): Promise<string> {
  const key = sessionKey(caller, contextId);
  await client.query(sql, [key, caller.tenant, caller.owner, contextId, at]);
  return key;
}
