/** Finds what is due: questions that nobody has answered in time, and tasks that have slept long enough. */
import type { Database } from '../platform/database.js';
import type { WaitingTask } from './find-released.js';

const MOST_AT_ONCE = 500;

export async function findDue(database: Database, now: Date): Promise<readonly WaitingTask[]> {
  const rows = await database.prepared<{
    id: string;
    context_id: string;
    agent: string;
    question: string;
    since: Date;
  }>(
    'find-due',
    `SELECT id, context_id, agent, status_message->>'messageId' AS question, status_at AS since
     FROM tasks
     WHERE wakes_at <= $1 AND state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') ORDER BY wakes_at LIMIT ${MOST_AT_ONCE}`,
    [now.toISOString()],
  );
  return rows.map(({ context_id: contextId, ...row }) => ({ ...row, contextId }));
}

/** Of tasks that sleep, those whose time has come; from now on their runs are wanted. */
export async function wakeSleepers(database: Database, now: Date): Promise<readonly string[]> {
  const rows = await database.prepared<{ id: string }>(
    'wake-sleepers',
    `UPDATE tasks SET wakes_at = NULL WHERE state = 'WORKING' AND id IN (
       SELECT id FROM tasks WHERE wakes_at <= $1 AND state = 'WORKING' ORDER BY wakes_at LIMIT ${MOST_AT_ONCE})
     RETURNING id`,
    [now.toISOString()],
  );
  return rows.map(({ id }) => id);
}
