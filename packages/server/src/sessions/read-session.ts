/** Reads one session of a caller. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import type { Session } from './session.js';
import { sessionColumns, toSession, type SessionRow } from './session-row.js';

const sql = `SELECT ${sessionColumns} FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3`;

/** Undefined for a session that doesn't exist or isn't the caller's. */
export async function readSession(database: Database, caller: Caller, contextId: string): Promise<Session | undefined> {
  const values = [sessionKey(caller, contextId), caller.tenant, caller.owner];
  const [row] = await database.prepared<SessionRow>('read-session', sql, values);
  return row === undefined ? undefined : toSession(row);
}
