/** The end of a conversation, as an agent gets it. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';

const HISTORY_BYTES = 16 * 1024 ** 2;

const sql = `
SELECT message FROM ${newest(`
  SELECT * FROM messages
  WHERE session_id = $1
    AND seq < coalesce((SELECT seq FROM messages WHERE session_id = $1 AND message_id = $2), 9223372036854775807)
  ORDER BY seq DESC LIMIT $3`)}
ORDER BY seq DESC`;

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
