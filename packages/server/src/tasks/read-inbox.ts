/** Reads the messages that came for a task while it worked. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';

/** What came behind the first `taken`, at most `most` of it; all of it is no more than MOST_GIVEN_BYTES. */
export async function readInbox(
  database: Database,
  taskId: string,
  taken: number,
  most?: number,
): Promise<readonly Message[]> {
  const rows = await database.prepared<{ message: Message }>(
    'read-inbox',
    `SELECT m.message FROM tasks t, jsonb_array_elements(t.inbox) WITH ORDINALITY AS m(message, n)
     WHERE t.id = $1 AND m.n > $2 ORDER BY m.n LIMIT $3`,
    [taskId, taken, most ?? null],
  );
  return rows.map((row) => row.message);
}
