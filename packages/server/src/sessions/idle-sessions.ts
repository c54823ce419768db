/** Finds sessions that nobody has touched for longer than they are kept. */
import type { Queryable } from '../platform/database.js';
import { expiryValues, inScope, type Expiry } from '../platform/expiry.js';

const SESSIONS = 10;

export interface IdleSession {
  readonly tenant: string;
  readonly owner: string;
  readonly contextId: string;
}

/** Locks a batch of them; `needed`: a condition on session `s.id` and the time `$3` under which one is left alone. */
export async function lockIdleSessions(
  client: Queryable,
  expiry: Expiry,
  needed: string,
): Promise<readonly IdleSession[]> {
  const rows = await client.query<{ tenant: string; owner: string; context_id: string }>(
    `SELECT tenant, owner, context_id FROM sessions s WHERE updated_at < $3 AND ${inScope} AND NOT ${needed}
     LIMIT ${SESSIONS} FOR UPDATE SKIP LOCKED`,
    expiryValues(expiry),
  );
  return rows.map(({ context_id: contextId, ...caller }) => ({ ...caller, contextId }));
}
