/** The journal's table: the fragment that the log's append records entries with, and how a run reads them. */
import type { JournalEntry, JournalKind } from '@continuo/agent/internal/runs/journal-entry.js';
import type { Queryable } from '../platform/database.js';
import type { Companion } from '../tasks/append-statement.js';
import { recordingFailures } from './trace/recording-failures.js';
import { recordingLogs } from './trace/recording-logs.js';
import { recordingCalls } from './usage/recording-calls.js';

const columns = `task_id uuid, seq int, key uuid, branch text, lineage text, kind text, name text, occurrence int,
  fingerprint text, failed boolean, result text, attempts int, started_at timestamptz, ended_at timestamptz, input text, tries text, shown_as text,
  spent json, failure json, log json`;

/**
 * Part of the statement that appends to logs: what a run has finished is committed together with what it has said, or
 * not at all. A retry from the failed step forgets that step's failure, or the refusal of that call, so that it is carried
 * out again, and waits anew for children that did not complete; for the trace, the failure stays below zero, by its attempt.
 */
export const journalRecords: Companion = {
  recording: (parameter) => `entry AS MATERIALIZED (
  SELECT j.*, m.tenant, m.owner, m.origin, m.attempt, m.earlier_runs + 1 AS run
  FROM json_to_recordset(${parameter}) AS j(${columns}) JOIN moved m ON m.id = j.task_id
),
recorded AS (
  INSERT INTO journal (task_id, origin, key, seq, branch, lineage, kind, name, occurrence, fingerprint, failed, result,
                       attempts, started_at, ended_at, input, tries, shown_as, run)
  SELECT j.task_id, j.origin, j.key, j.seq, j.branch, j.lineage, j.kind, j.name, j.occurrence, j.fingerprint, j.failed,
         j.result, j.attempts, j.started_at, j.ended_at, j.input, j.tries, j.shown_as, j.run
  FROM entry j WHERE j.key IS NOT NULL
  ON CONFLICT (task_id, origin, key) DO UPDATE SET
    failed = EXCLUDED.failed, result = EXCLUDED.result, attempts = EXCLUDED.attempts, seq = EXCLUDED.seq,
    ended_at = EXCLUDED.ended_at
),
${recordingCalls},
${recordingFailures},
${recordingLogs}`,
  rewinding: `culprit AS (
  SELECT DISTINCT ON (m.id) m.id, m.origin, m.attempt, j.key FROM moved m
  JOIN item i ON i.task_id = m.id AND i.rewind->>'from' = 'failed-step'
  JOIN journal j ON j.task_id = m.id AND j.origin = m.origin AND j.failed
  WHERE j.name = i.rewind->>'step' OR CASE WHEN j.failed THEN j.result::json->'causes'->>-1 END = i.rewind->>'message'
    OR j.seq = (SELECT max(l.seq) FROM journal l WHERE l.task_id = m.id AND l.origin = m.origin)
  ORDER BY m.id, j.seq DESC
),
forgotten AS (
  UPDATE journal j SET origin = 1 - c.attempt FROM culprit c
  WHERE j.task_id = c.id AND j.origin = c.origin AND j.key = c.key
),
reopened AS (
  UPDATE journal j SET ended_at = NULL, result = NULL FROM moved m JOIN item i ON i.task_id = m.id
  WHERE i.rewind->>'from' = 'failed-step' AND j.task_id = m.id AND j.origin = m.origin AND j.kind = 'call'
    AND NOT j.failed AND j.ended_at IS NOT NULL AND CASE WHEN j.kind = 'call' THEN j.result::json->>'state' END IS DISTINCT FROM 'COMPLETED'
)`,
};

interface Row {
  readonly key: string;
  readonly seq: number;
  readonly branch: string;
  readonly lineage: string;
  readonly kind: JournalKind;
  readonly name: string;
  readonly occurrence: number;
  readonly fingerprint: string | null;
  readonly failed: boolean;
  readonly ended: boolean;
  readonly result: string | null;
  readonly startedAt: Date;
}

const entryColumns = `j.key, j.seq, j.branch, j.lineage, j.kind, j.name, j.occurrence, j.fingerprint, j.failed,
  j.ended_at IS NOT NULL AS ended, j.result, j.started_at AS "startedAt"`;

/** What the task's runs have recorded since it began from the start at `origin`, in order. */
export async function readJournal(
  database: Queryable,
  taskId: string,
  origin: number,
): Promise<readonly JournalEntry[]> {
  const rows = await database.query<Row & Record<string, unknown>>(
    `SELECT ${entryColumns} FROM journal j WHERE j.task_id = $1 AND j.origin = $2 ORDER BY j.seq`,
    [taskId, origin],
  );
  return rows.map(toEntry);
}

/** The same for many tasks, by their ids. */
export async function readJournals(
  database: Queryable,
  tasks: readonly { readonly id: string; readonly origin: number }[],
): Promise<ReadonlyMap<string, readonly JournalEntry[]>> {
  const rows = await database.query<Row & { readonly task_id: string } & Record<string, unknown>>(
    `SELECT j.task_id, ${entryColumns}
     FROM json_to_recordset($1) AS q(id uuid, origin int) JOIN journal j ON j.task_id = q.id AND j.origin = q.origin
     ORDER BY j.task_id, j.seq`,
    [JSON.stringify(tasks.map(({ id, origin }) => ({ id, origin })))],
  );
  const byTask = new Map<string, JournalEntry[]>();
  for (const { task_id: id, ...row } of rows) {
    const entries = byTask.get(id);
    if (entries === undefined) byTask.set(id, [toEntry(row)]);
    else entries.push(toEntry(row));
  }
  return byTask;
}

function toEntry(row: Row): JournalEntry {
  if (row.kind !== 'question' || row.result === null) return row;
  return { ...row, label: JSON.parse(row.result) as string };
}
