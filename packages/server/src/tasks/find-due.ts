/** Finds questions that nobody has answered in time. */
import type { Database } from '../platform/database.js';
import type { WaitingTask } from './find-released.js';

const MOST_AT_ONCE = 500;

export async function findDue(database: Database, now: Date): Promise<readonly WaitingTask[]> {
  const rows = await database.prepared<{ id: string; context_id: string; agent: string; question: string }>(
    'find-due',
    `SELECT id, context_id, agent, status_message->>'messageId' AS question FROM tasks
     WHERE wakes_at <= $1 ORDER BY wakes_at LIMIT ${MOST_AT_ONCE}`,
    [now.toISOString()],
  );
  return rows.map(({ context_id: contextId, ...row }) => ({ ...row, contextId }));
}
