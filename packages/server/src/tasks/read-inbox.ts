/** The messages that came for a task while it worked: numbered pages of its log, each once. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Database } from '../platform/database.js';

/** The constraint that tells them apart. */
const IDS = 'task_pages_inbox_ids';

/** What came behind the first `taken`, at most `most` of it; all of it is no more than MOST_GIVEN_BYTES. */
export async function readInbox(
  database: Database,
  taskId: string,
  taken: number,
  most?: number,
): Promise<readonly Message[]> {
  const rows = await database.prepared<{ message: Message }>(
    'read-inbox',
    'SELECT message FROM task_pages WHERE task_id = $1 AND inbox_number > $2 ORDER BY inbox_number LIMIT $3',
    [taskId, taken, most ?? null],
  );
  return rows.map((row) => row.message);
}

/** The error of an append for its caller: of a message that came twice at once, the second is refused. */
export function toldTwice(error: unknown): unknown {
  if (!(error instanceof Error && 'constraint' in error && error.constraint === IDS)) return error;
  return new ContinuoError('UNSUPPORTED_OPERATION', 'The message came twice at once, and was delivered.');
}
