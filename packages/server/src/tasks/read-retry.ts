/** Reads what a retry has to know beside the task itself. */
import { journalRows } from '../runs/views.js';
import type { Database } from '../platform/database.js';

export interface RetryBasis {
  /** A step, an answer or a child of an earlier attempt is there to go on from. */
  readonly kept: boolean;
  /** Children that were cancelled because the task had ended. */
  readonly canceledChildren: readonly string[];
  /** Its owner has as many tasks that have not ended as there may be, and it would be one more. */
  readonly crowded: boolean;
}

const sql = `
SELECT t.answers <> '[]' OR EXISTS (SELECT 1 FROM ${journalRows} j WHERE j.task_id = t.id AND j.origin = t.origin)
       OR EXISTS (SELECT 1 FROM tasks c WHERE c.parent_id = t.id) AS kept,
       ARRAY (SELECT c.id::text FROM tasks c WHERE c.parent_id = t.id AND t.state IN ('CANCELED', 'FAILED')
              AND c.state = 'CANCELED' AND c.status_at >= t.status_at) AS children,
       $2::int > 0 AND t.parent_id IS NULL AND t.held IS NULL AND (
         SELECT count(*) FROM (
           SELECT FROM tasks a WHERE a.tenant = t.tenant AND a.owner = t.owner AND a.parent_id IS NULL
             AND a.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED') LIMIT $2) active) >= $2 AS crowded
FROM tasks t WHERE t.id = $1`;

/** `mostActive`: how many tasks that have not ended an owner may have; 0: any number. */
export async function readRetryBasis(database: Database, taskId: string, mostActive: number): Promise<RetryBasis> {
  const [row] = await database.query<{ kept: boolean; children: string[]; crowded: boolean }>(sql, [
    taskId,
    mostActive,
  ]);
  return { kept: row?.kept ?? false, canceledChildren: row?.children ?? [], crowded: row?.crowded ?? false };
}

/** Whether the task's log has an event with this key. */
export async function hasEvent(database: Database, taskId: string, key: string): Promise<boolean> {
  const rows = await database.query('SELECT 1 FROM task_pages WHERE task_id = $1 AND $2 = ANY (keys) LIMIT 1', [
    taskId,
    key,
  ]);
  return rows.length > 0;
}

/** How many events the task's log has whose keys begin with `prefix`. */
export async function eventsNamed(database: Database, taskId: string, prefix: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM task_pages p, unnest(p.keys) k WHERE p.task_id = $1 AND starts_with(k, $2)',
    [taskId, prefix],
  );
  return row?.n ?? 0;
}
