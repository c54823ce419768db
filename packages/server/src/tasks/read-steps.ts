/** Reads the durable steps that a task's runs have finished: what a run after a crash doesn't do again. */
import { finishedStep, journalRows } from '../runs/views.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';

export interface TaskStep {
  /** Counts what the task has recorded, sleeps and calls included. */
  readonly number: number;
  readonly name: string;
  readonly failed: boolean;
  /** ISO 8601; null where it was not recorded. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

const MOST = 1_000;

const sql = `
SELECT j.seq AS number, j.name, j.failed, j.started_at, j.ended_at
FROM tasks t JOIN ${journalRows} j ON j.task_id = t.id AND j.origin = t.origin
WHERE t.id = $1 AND t.tenant = $2 AND t.owner = $3 AND ${finishedStep}
ORDER BY j.seq DESC LIMIT ${MOST}`;

interface Row {
  readonly number: number;
  readonly name: string;
  readonly failed: boolean;
  readonly started_at: Date;
  readonly ended_at: Date;
}

/** Oldest first; of more than a thousand the last. */
export async function readSteps(database: Database, caller: Caller, taskId: string): Promise<readonly TaskStep[]> {
  const rows = await database.query<Row & Record<string, unknown>>(sql, [taskId, caller.tenant, caller.owner]);
  return rows.toReversed().map(({ number, name, failed, started_at: startedAt, ended_at: endedAt }) => {
    return { number, name, failed, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() };
  });
}

/** The results of the task's finished steps of this name, in order. */
export async function readStepResults(database: Database, taskId: string, name: string): Promise<readonly unknown[]> {
  const rows = await database.query<{ result: string | null }>(
    `SELECT j.result FROM tasks t JOIN ${journalRows} j ON j.task_id = t.id AND j.origin = t.origin
     WHERE t.id = $1 AND j.kind = 'step' AND j.name = $2 AND j.ended_at IS NOT NULL AND NOT j.failed ORDER BY j.seq`,
    [taskId, name],
  );
  return rows.map(({ result }) => (result === null ? undefined : (JSON.parse(result) as unknown)));
}
