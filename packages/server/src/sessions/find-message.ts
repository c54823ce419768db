/** One message of a session, with the agent that it was said to, or by. */
import type { Database } from '../platform/database.js';
import type { SaidMessage } from './session.js';

const sql = 'SELECT message, agent FROM messages WHERE session_id = $1 AND message_id = $2';

/** Undefined when the session with this key has no such message. */
export async function findMessage(
  database: Database,
  key: string,
  messageId: string,
): Promise<SaidMessage | undefined> {
  const [row] = await database.prepared<SaidMessage>('find-message', sql, [key, messageId]);
  return row;
}
