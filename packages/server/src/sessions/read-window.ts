/** The end of a conversation behind its last checkpoint: however long the session is, so many rows and no more. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { SessionWindow } from '@continuo/agent/internal/sessions/session-window.js';
import type { Database } from '../platform/database.js';
import { newest, placeOf } from './read-history.js';

const sql = `
WITH here AS (
  SELECT ${placeOf('$1', '$2')} AS seq
),
checkpoint AS (
  SELECT up_to_seq, summary FROM session_checkpoints
  WHERE session_id = $1 AND up_to_seq < (SELECT seq FROM here) ORDER BY up_to_seq DESC LIMIT 1
),
latest AS (
  SELECT seq, message FROM ${newest(`
    SELECT * FROM messages
    WHERE session_id = $1 AND seq < (SELECT seq FROM here) AND seq > coalesce((SELECT up_to_seq FROM checkpoint), 0)
    ORDER BY seq DESC LIMIT $3`)}
)
SELECT up_to_seq AS seq, summary, NULL::json AS message FROM checkpoint
UNION ALL SELECT seq, NULL, message FROM latest`;

type Row =
  | { readonly seq: number; readonly summary: string; readonly message: null }
  | { readonly seq: number; readonly summary: null; readonly message: Message };

/** What was said before the message `beforeMessageId` (see placeOf). */
export async function readWindow(
  database: Pick<Database, 'prepared'>,
  key: string,
  beforeMessageId: string,
  limit: number,
): Promise<SessionWindow> {
  const rows = await database.prepared<Row>('read-window', sql, [key, beforeMessageId, limit]);
  const checkpoint = rows.find((row) => row.summary !== null);
  return {
    ...(checkpoint === undefined ? {} : { checkpoint: { upToSeq: checkpoint.seq, summary: checkpoint.summary } }),
    messages: rows
      .flatMap(({ seq, message }) => (message === null ? [] : [{ seq, message }]))
      .toSorted((a, b) => a.seq - b.seq),
  };
}
