/** The end of a conversation, as an agent gets it. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';
import { saidBeforeCall } from '../tasks/views.js';

const HISTORY_BYTES = 16 * 1024 ** 2;

const sql = `
SELECT message FROM ${newest(`
  SELECT * FROM messages
  WHERE session_id = $1
    AND seq < ${placeOf('$1', '$2')}
  ORDER BY seq DESC LIMIT $3`)}
ORDER BY seq DESC`;

/**
 * The number of the message in its session, both parameters; of one that another task called with, and that isn't there, that of
 * the first one which came after it. Behind all that is said, for any other.
 */
export function placeOf(session: string, messageId: string): string {
  const called = saidBeforeCall('s.tenant', 's.owner', 's.context_id', messageId);
  return `coalesce(
    (SELECT seq FROM messages WHERE session_id = ${session} AND message_id = ${messageId}),
    (SELECT ${called} + 1 FROM sessions s WHERE s.id = ${session}), 9223372036854775807)`;
}

/** Of messages, the newest that one reader has room for: 16 MiB of them, at least one. */
export function newest(messages: string): string {
  return `(
  SELECT * FROM (
    SELECT m.*, sum(bytes) OVER (ORDER BY seq DESC ROWS UNBOUNDED PRECEDING) AS upto FROM (${messages}) m) summed
  WHERE upto <= ${HISTORY_BYTES} OR upto = bytes) newest`;
}

export async function readHistory(
  database: Pick<Database, 'prepared'>,
  key: string,
  beforeMessageId: string,
  limit: number,
): Promise<readonly Message[]> {
  const rows = await database.prepared<{ message: Message }>('read-history', sql, [key, beforeMessageId, limit]);
  return rows.map((row) => row.message).toReversed();
}
