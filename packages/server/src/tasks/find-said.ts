/** Finds what a person said to a task by the id of the message. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';

/** The events that a person's messages make; the first event of a log is the message that opened the task. */
const sql = `
SELECT p.message, p.message_seq::int AS seq FROM (
  SELECT message, message_seq FROM task_pages WHERE task_id = $1 AND message_seq = 1
  UNION ALL
  SELECT message, message_seq FROM task_pages WHERE task_id = $1 AND keys[1] = 'answer:' || $2::text AND keys[1] LIKE 'answer:%'
  UNION ALL
  SELECT message, message_seq FROM task_pages WHERE task_id = $1 AND inbox_id = $2
) p ORDER BY p.message_seq DESC`;

export interface Said {
  readonly message: Message;
  /** The number of its event in the task's log. */
  readonly seq: number;
}

export async function findSaid(database: Database, taskId: string, messageId: string): Promise<Said | undefined> {
  const rows = await database.prepared<{ message: Message; seq: number }>('find-said', sql, [taskId, messageId]);
  return rows.find(({ message }) => message.messageId === messageId);
}

const withSql = `
SELECT message->'metadata'->$3::text AS about FROM task_pages WHERE task_id = $1 AND message_seq = $2`;

/** What the message that made this event has in its metadata under `name`; undefined for nothing. */
export async function findSaidWith(database: Database, taskId: string, seq: number, name: string): Promise<unknown> {
  const rows = await database.prepared<{ about: unknown }>('find-said-with', withSql, [taskId, seq, name]);
  return rows[0]?.about ?? undefined;
}
