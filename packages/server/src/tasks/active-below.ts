/** Finds what has not ended although a task above it has. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import type { EndedTask } from './cancellation.js';

export interface ActiveTask extends EndedTask, Caller {}

const MOST_AT_ONCE = 500;
const columns = 'c.id, c.tenant, c.owner, c.context_id AS "contextId", c.agent';
const active = "c.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')";

/** All descendants of the task that have not ended at this moment. */
export function readActiveBelow(database: Database, taskId: string): Promise<readonly ActiveTask[]> {
  return database.prepared<ActiveTask>(
    'read-active-below',
    `WITH RECURSIVE below AS (
       SELECT id FROM tasks WHERE parent_id = $1
       UNION SELECT t.id FROM below b JOIN tasks t ON t.parent_id = b.id)
     SELECT ${columns} FROM below b JOIN tasks c ON c.id = b.id WHERE ${active}`,
    [taskId],
  );
}

/**
 * Tasks that go on although the one that called them was cancelled, has failed or was rejected: the process that ended it
 * died before it came to them. One that somebody has retried since then is meant to go on.
 */
export function findDeserted(database: Database): Promise<readonly ActiveTask[]> {
  return database.prepared<ActiveTask>(
    'find-deserted',
    `SELECT ${columns} FROM tasks c JOIN tasks p ON p.id = c.parent_id
     WHERE c.parent_id IS NOT NULL AND ${active} AND p.state IN ('CANCELED', 'FAILED', 'REJECTED')
       AND (c.retried_at IS NULL OR c.retried_at < p.status_at)
     LIMIT ${MOST_AT_ONCE}`,
    [],
  );
}
