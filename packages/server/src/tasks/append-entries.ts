/** The statement for what runs have finished and say nothing with: cheaper than that of the log, fenced in the same way. */
import type { Database } from '../platform/database.js';
import type { Companion } from './append-statement.js';

/** Rows for the companion of the log, all of one task. */
export interface Entries {
  readonly taskId: string;
  readonly agent: string;
  /** Of the run that has the task. */
  readonly token: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The task's row is locked, not written: another run can't take it over before the rows are there. The states come from
 * `item`: by constants PostgreSQL would look for all tasks that are in one of them.
 */
export const entriesStatement = (companion: Companion): string => `
WITH item AS MATERIALIZED (
  SELECT *, ARRAY['SUBMITTED', 'WORKING'] AS states FROM json_to_recordset($1) AS i(task_id uuid, token uuid)
  WHERE (SELECT continuo_in_time($3))
),
moved AS MATERIALIZED (
  SELECT t.id, t.tenant, t.owner, t.origin, t.attempt, t.earlier_runs FROM item i JOIN tasks t ON t.id = i.task_id
  WHERE t.run_token = i.token AND t.state = ANY (i.states)
  FOR SHARE OF t
),
${companion.recording('$2')}
SELECT id FROM moved`;

/** Answers with the tasks whose run still has them: their rows are stored, however often that is asked for. `statement`: `entriesStatement`. */
export async function appendEntries(
  database: Pick<Database, 'inTime'>,
  entries: readonly Entries[],
  statement: string,
): Promise<ReadonlySet<string>> {
  const items = entries.map(({ taskId, token }) => ({ task_id: taskId, token }));
  // In the order in which all others lock them.
  items.sort((a, b) => (a.task_id < b.task_id ? -1 : 1));
  const rows = await database.inTime<{ id: string }>('append-entries', statement, [
    JSON.stringify(items),
    JSON.stringify(entries.flatMap((entry) => entry.rows)),
  ]);
  return new Set(rows.map(({ id }) => id));
}
