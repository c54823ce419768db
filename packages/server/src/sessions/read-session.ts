/** Reads one session of a caller. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import type { Session } from './session.js';
import { sessionColumns, toSession, type SessionRow } from './session-row.js';

const sql = `SELECT ${sessionColumns} FROM sessions WHERE id = $1 AND tenant = $2 AND owner = $3`;

/** Throws SESSION_NOT_FOUND for a session that doesn't exist or isn't the caller's. */
export async function requireSession(database: Database, caller: Caller, contextId: string): Promise<Session> {
  const session = await orUnavailable(() => readSession(database, caller, contextId));
  if (session === undefined) throw sessionNotFound(contextId);
  return session;
}

/** The same for what doesn't exist and for what isn't the caller's. */
export function sessionNotFound(contextId: string): ContinuoError {
  return new ContinuoError('SESSION_NOT_FOUND', `Session ${contextId} was not found.`);
}

/** Undefined for a session that doesn't exist or isn't the caller's. */
export async function readSession(database: Database, caller: Caller, contextId: string): Promise<Session | undefined> {
  const values = [sessionKey(caller, contextId), caller.tenant, caller.owner];
  const [row] = await database.prepared<SessionRow>('read-session', sql, values);
  return row === undefined ? undefined : toSession(row);
}
