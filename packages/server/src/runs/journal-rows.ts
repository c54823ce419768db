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
 * out again, and what the code did because of it. What flows beside it have recorded since is kept, and may be left out.
 * Children that did not complete are waited for anew. For the trace, what is forgotten stays below zero, by its attempt.
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
  SELECT DISTINCT ON (m.id) m.id, j.key, j.seq, j.branch, j.lineage, coalesce(j.run, 0) AS run, j.ended_at
  FROM moved m
  JOIN item i ON i.task_id = m.id AND i.rewind->>'from' = 'failed-step'
  JOIN journal j ON j.task_id = m.id AND j.origin = m.origin AND (j.failed OR j.kind IN ('call', 'question'))
  CROSS JOIN LATERAL (SELECT CASE WHEN j.failed THEN j.result::json->'causes'->>-1 END AS cause,
                             CASE WHEN j.kind = 'call' THEN j.result::json->>'taskId' END AS child) r
  WHERE CASE WHEN i.rewind->>'question' IS NOT NULL THEN j.key::text = i.rewind->>'question' ELSE j.failed AND (j.name = i.rewind->>'step' OR r.cause = i.rewind->>'message'
      OR right(i.rewind->>'message', length(r.cause) + 2) = ': ' || r.cause OR (i.rewind->'causes')::jsonb ? r.cause
      OR j.seq = (SELECT max(l.seq) FROM journal l WHERE l.task_id = m.id AND l.origin = m.origin))
    OR r.child = i.rewind->>'child' END
  ORDER BY m.id, j.seq DESC
),
rewound AS (
  SELECT m.id, m.origin, m.attempt, j.key, j.seq > c.seq AS behind,
    -- It failed, or the code did it because of that, in a \`catch\` or a \`finally\`: it began behind the failure, in the same
    -- flow or around the branch that failed.
    CASE WHEN j.seq <= c.seq OR j.kind = 'patch' THEN j.failed AND j.key = c.key
         ELSE (j.branch = c.branch AND j.lineage = c.lineage OR j.branch = '' AND c.branch <> ''
             OR starts_with(c.branch, j.branch || '/'))
           AND (coalesce(j.run, c.run), j.started_at) >= (c.run, c.ended_at) END AS forgotten,
    CASE WHEN j.kind = 'call' AND NOT j.failed AND j.ended_at IS NOT NULL
         THEN j.result::json->>'state' IS DISTINCT FROM 'COMPLETED' ELSE false END AS open
  FROM moved m
  JOIN item i ON i.task_id = m.id AND i.rewind->>'from' = 'failed-step'
  JOIN journal j ON j.task_id = m.id AND j.origin = m.origin
  LEFT JOIN culprit c ON c.id = m.id
),
anew AS (
  UPDATE journal j SET
    origin = CASE WHEN r.forgotten THEN 1 - r.attempt ELSE j.origin END,
    optional = j.optional OR r.behind IS TRUE,
    ended_at = CASE WHEN r.open AND r.forgotten IS NOT TRUE THEN NULL ELSE j.ended_at END,
    result = CASE WHEN r.open AND r.forgotten IS NOT TRUE THEN NULL ELSE j.result END
  FROM rewound r
  WHERE j.task_id = r.id AND j.origin = r.origin AND j.key = r.key AND (r.forgotten OR r.behind OR r.open)
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
  readonly optional: boolean;
}

const entryColumns = `j.key, j.seq, j.branch, j.lineage, j.kind, j.name, j.occurrence, j.fingerprint, j.failed,
  j.ended_at IS NOT NULL AS ended, j.result, j.started_at AS "startedAt", j.optional`;

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
