/** What the user of a session said last to an agent there. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';
import type { SaidTo } from './store-requests.js';

/** Goes back from the newest: what was said lately is found at once. */
const sql = `
SELECT message FROM messages
WHERE session_id = $1 AND agent = $2 AND message->>'role' = 'ROLE_USER'
  AND ($3::text IS NULL OR message_id = $3 OR message->'metadata'->$4->>'runId' = $3)
ORDER BY seq DESC LIMIT 1`;

/** Undefined when the session with this key has no such message. */
export async function findSaidTo(
  database: Database,
  key: string,
  { agent, run }: SaidTo,
): Promise<Message | undefined> {
  const values = [key, agent, run?.id ?? null, run?.extension ?? ''];
  const [row] = await database.prepared<{ message: Message }>('find-said-to', sql, values);
  return row?.message;
}
