/** Saves one message to a session outside of a task's own statements. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';
import { insertMessages, messageColumns, toMessageRow } from './append-messages.js';

const sql = `
WITH new AS (
  SELECT * FROM json_to_recordset($2) AS m(${messageColumns})
  WHERE NOT EXISTS (SELECT 1 FROM messages o WHERE o.session_id = $1 AND o.message_id = m.message_id)
),
grown AS (
  UPDATE sessions s SET last_seq = s.last_seq + 1, updated_at = n.created_at FROM new n WHERE s.id = $1
  RETURNING s.id, s.tenant, s.owner, s.last_seq - 1 AS base
),
numbered AS (SELECT $1::uuid AS session_id, 1 AS n, new.* FROM new),
${insertMessages}
SELECT 1`;

/** Two who save the same message at once are told apart by the unique message id: the loser has nothing to do. */
export async function saveMessage(
  database: Database,
  key: string,
  message: Message,
  from: { readonly taskId: string; readonly agent: string },
  at: Date,
): Promise<void> {
  const row = toMessageRow(message, from.taskId, from.agent, at.toISOString());
  try {
    await database.query(sql, [key, JSON.stringify([row])]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') return;
    throw error;
  }
}
