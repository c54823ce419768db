/** Reads the durable steps that a task's runs have finished: what a run after a crash doesn't do again. */
import { stepRows } from '../engine/views.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';

export interface TaskStep {
  /** Counts the steps of the task, sleeps included. */
  readonly number: number;
  readonly name: string;
  readonly failed: boolean;
  /** ISO 8601; null where it was not recorded. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

const MOST = 1_000;

const sql = `
SELECT o.function_id AS number, o.function_name AS name, o.error IS NOT NULL AS failed,
       o.started_at_epoch_ms::float8 AS started_at, o.completed_at_epoch_ms::float8 AS ended_at
FROM tasks t JOIN ${stepRows} o ON o.workflow_uuid = t.id::text
WHERE t.id = $1 AND t.tenant = $2 AND t.owner = $3
ORDER BY o.function_id DESC LIMIT ${MOST}`;

interface Row {
  readonly number: number;
  readonly name: string;
  readonly failed: boolean;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

/** Oldest first; of more than a thousand the last. */
export async function readSteps(database: Database, caller: Caller, taskId: string): Promise<readonly TaskStep[]> {
  const rows = await database.query<Row & Record<string, unknown>>(sql, [taskId, caller.tenant, caller.owner]);
  return rows.toReversed().map(({ number, name, failed, started_at: startedAt, ended_at: endedAt }) => {
    return { number, name, failed, startedAt: toTime(startedAt), endedAt: toTime(endedAt) };
  });
}

function toTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
