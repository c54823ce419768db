/** Copies a session up to a message into a new one, which goes its own way from there. */
import { APPROVED, OWN_STATE } from '@continuo/agent/internal/sessions/state-names.js';
import { keepFilesOfCopies } from '../files/views.js';
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { sessionKey } from './append-messages.js';
import { titleWords, wordsOfAnother } from './words.js';
import type { Session } from './session.js';
import { sessionColumns, toSession, type SessionRow } from './session-row.js';
import type { Fork } from './store-requests.js';

// The tasks stay where they are, so a copied message belongs to none. Files stay as long as the session that is copied: a
// deletion of that one waits until the fork keeps them, too.
const sql = `
WITH source AS (
  SELECT id, title, metadata,
         (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(s.state)
          WHERE NOT starts_with(key, '${OWN_STATE}') AND NOT starts_with(key, '${APPROVED}')) AS state,
         CASE WHEN $4::text IS NULL THEN last_seq
              ELSE (SELECT seq FROM messages WHERE session_id = s.id AND message_id = $4) END AS up_to
  FROM sessions s WHERE id = $1 AND tenant = $2 AND owner = $3 FOR KEY SHARE
),
forked AS (
  INSERT INTO sessions (id, tenant, owner, context_id, title, title_words, metadata, state, last_seq, created_at, updated_at)
  SELECT $5, $6, $7, $8, coalesce($9, title), ${titleWords('$6', '$7', 'coalesce($9, title)')}, metadata, state, up_to, $10, $10 FROM source WHERE up_to IS NOT NULL
  ON CONFLICT (id) DO NOTHING
  RETURNING id, ${sessionColumns}
),
copied AS (
  INSERT INTO messages (session_id, seq, message_id, agent, message, created_at, words)
  SELECT f.id, m.seq, m.message_id, m.agent,
         (m.message::jsonb - 'taskId'::text || jsonb_build_object('contextId', f.context_id))::json, m.created_at,
         ${wordsOfAnother('m.words', '$6', '$7')}
  FROM forked f, source s JOIN messages m ON m.session_id = s.id AND m.seq <= s.up_to
  RETURNING session_id, message
),${keepFilesOfCopies('copied', '$6', '$7')},
summed_up AS (
  INSERT INTO session_checkpoints (session_id, up_to_seq, summary, created_at)
  SELECT f.id, c.up_to_seq, c.summary, c.created_at
  FROM forked f, source s JOIN session_checkpoints c ON c.session_id = s.id AND c.up_to_seq <= s.up_to
)
SELECT ${sessionColumns} FROM forked`;

/** Undefined when there is no such session or message, or the new one is there already. */
export async function forkSession(
  database: Queryable,
  caller: Caller,
  newContextId: string,
  { from, contextId, messageId, title }: Fork,
  at: Date,
): Promise<Session | undefined> {
  const [row] = await database.query<SessionRow>(sql, [
    sessionKey(from, contextId),
    from.tenant,
    from.owner,
    messageId ?? null,
    sessionKey(caller, newContextId),
    caller.tenant,
    caller.owner,
    newContextId,
    title ?? null,
    at.toISOString(),
  ]);
  return row === undefined ? undefined : toSession(row);
}
