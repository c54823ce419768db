/** Finds what is due: questions that nobody has answered in time, and tasks that have slept long enough. */
import type { Database } from '../platform/database.js';
import type { WaitingTask } from './find-released.js';
import { runsOn } from './version-to-run.js';

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

/** How long a task whose time has come is left to instances that can run it. */
const LEFT = "interval '10 s'";

/**
 * Of tasks that sleep, those whose time has come: from now on their runs are wanted. Those that `instance` can't run it
 * leaves to others for a while.
 */
export async function wakeSleepers(database: Database, now: Date, instance: string): Promise<readonly string[]> {
  const rows = await database.prepared<{ id: string }>(
    'wake-sleepers',
    `UPDATE tasks SET wakes_at = NULL WHERE state = 'WORKING' AND id IN (
       SELECT t.id FROM tasks t WHERE t.wakes_at <= $1::timestamptz AND t.state = 'WORKING'
         AND (t.wakes_at <= $1::timestamptz - ${LEFT} OR ${runsOn('t', '$2::uuid')})
       ORDER BY t.wakes_at LIMIT ${MOST_AT_ONCE})
     RETURNING id`,
    [now.toISOString(), instance],
  );
  return rows.map(({ id }) => id);
}

/** Those of the tasks whose runs are wanted, and that `instance` can't run: whoever can finds them as tasks whose time has come. */
export async function leaveToOthers(
  database: Database,
  now: Date,
  instance: string,
  ids: readonly string[],
): Promise<void> {
  await database.prepared(
    'leave-to-others',
    `UPDATE tasks t SET wakes_at = $1 WHERE t.id = ANY ($3::uuid[]) AND t.state = 'WORKING' AND t.run_token IS NULL
       AND t.wakes_at IS NULL AND t.held IS NULL AND NOT (${runsOn('t', '$2::uuid')})`,
    [now.toISOString(), instance, ids],
  );
}
