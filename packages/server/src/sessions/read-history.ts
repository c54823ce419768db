/** The end of a conversation, as an agent gets it. */
import type { Database } from '../platform/database.js';
import type { Message } from './message.js';

const sql = `
SELECT message FROM messages
WHERE session_id = $1
  AND seq < coalesce((SELECT seq FROM messages WHERE session_id = $1 AND message_id = $2), 9223372036854775807)
ORDER BY seq DESC LIMIT $3`;

export async function readHistory(
  database: Database,
  key: string,
  beforeMessageId: string,
  limit: number,
): Promise<readonly Message[]> {
  const rows = await database.prepared<{ message: Message }>('read-history', sql, [key, beforeMessageId, limit]);
  return rows.map((row) => row.message).toReversed();
}
