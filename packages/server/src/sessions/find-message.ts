/** One message of a session, with the agent that it was said to, or by. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';

export interface SaidMessage {
  readonly message: Message;
  readonly agent: string | null;
}

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
