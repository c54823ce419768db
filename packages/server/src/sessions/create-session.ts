/** Opens a session before anything was said in it. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import { titleWords } from './words.js';
import type { Session } from './session.js';
import { sessionColumns, toSession, type SessionRow } from './session-row.js';
import type { NewSession } from './store-requests.js';

const sql = `
INSERT INTO sessions (id, tenant, owner, context_id, title, title_words, metadata, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, ${titleWords('$2', '$3', '$5')}, $6, $7, $7)
ON CONFLICT (id) DO NOTHING
RETURNING ${sessionColumns}`;

/** Undefined when it is there already. */
export async function createSession(
  database: Database,
  caller: Caller,
  contextId: string,
  { title, metadata }: NewSession,
  at: Date,
): Promise<Session | undefined> {
  const [row] = await database.query<SessionRow>(sql, [
    sessionKey(caller, contextId),
    caller.tenant,
    caller.owner,
    contextId,
    title ?? null,
    metadata === undefined ? null : JSON.stringify(metadata),
    at.toISOString(),
  ]);
  return row === undefined ? undefined : toSession(row);
}
