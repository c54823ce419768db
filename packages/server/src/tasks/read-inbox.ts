/** Reads the messages that came for a task while it worked. */
import type { Database } from '../platform/database.js';
import type { Message } from '../sessions/message.js';

export async function readInbox(database: Database, taskId: string, taken: number): Promise<readonly Message[]> {
  const rows = await database.prepared<{ message: Message }>(
    'read-inbox',
    `SELECT m.message FROM tasks t, jsonb_array_elements(t.inbox) WITH ORDINALITY AS m(message, n)
     WHERE t.id = $1 AND m.n > $2 ORDER BY m.n`,
    [taskId, taken],
  );
  return rows.map((row) => row.message);
}
