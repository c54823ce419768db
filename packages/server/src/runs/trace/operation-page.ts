/** What a task's runs have recorded, a page at a time: a page ends at so many operations or so many bytes. */
import { z } from 'zod';
import type { JournalKind } from '@continuo/agent/internal/runs/journal-entry.js';
import type { Queryable } from '../../platform/database.js';
import { finishedStep } from '../views.js';
import { beginningOf, shownBytes } from './shown-value.js';

/** Where a page ends: the place of its last operation, and that operation's key. */
export const operationPosition = z.tuple([z.number(), z.uuid()]);
export type OperationPosition = z.infer<typeof operationPosition>;

export interface OperationRow {
  readonly key: string;
  readonly origin: number;
  readonly seq: number;
  readonly kind: JournalKind;
  readonly name: string;
  readonly branch: string;
  readonly failed: boolean;
  readonly attempts: number;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly run: number | null;
  readonly shown_as: 'tool' | 'remote' | null;
  readonly input: string | null;
  readonly result: string | null;
  readonly tries: string | null;
  readonly place: number;
}

export interface OperationPage {
  readonly rows: readonly OperationRow[];
  /** Where the next page begins; undefined for the last one. */
  readonly next: OperationPosition | undefined;
}

export interface OperationQuery {
  readonly taskId: string;
  readonly after: OperationPosition | undefined;
  readonly mostRows: number;
  readonly mostBytes: number;
}

/** Bytes of an operation beside its texts, in an answer. */
const ENVELOPE = 600;
const OF_A_CALL = 400;

/** In the order in which they began, by microseconds: that of one doesn't change when it ends. */
const BEGINNING = '(extract(epoch FROM j.started_at) * 1000000)::float8';

/**
 * All rows of the task are gone through for a page, as there is no index by time: some thousandths of a second for ten
 * thousand. Their texts are read for the page alone.
 */
const pageSql = (place: string, which: string): string => `
WITH called AS (
  SELECT step, sum(${OF_A_CALL} + coalesce(octet_length(prompt), 0)) AS bytes
  FROM model_calls WHERE task_id = $1 AND step IS NOT NULL GROUP BY step
),
page AS (
  SELECT p.*, sum(p.bytes) OVER (ORDER BY p.place, p.key) AS total FROM (
    SELECT j.origin, j.key, ${place} AS place,
      ${ENVELOPE} + ${shownBytes('j.input')} + ${shownBytes('j.result')} + coalesce(octet_length(j.tries), 0)
        + coalesce(c.bytes, 0) AS bytes
    FROM journal j LEFT JOIN called c ON c.step = j.key
    WHERE j.task_id = $1 AND ${which} AND ($2::float8 IS NULL OR (${place}, j.key) > ($2, $3::uuid))
    ORDER BY place, j.key LIMIT $4::int + 1) p
)
SELECT j.key, j.origin, j.seq, j.kind, j.name, j.branch, j.failed, j.attempts, j.started_at, j.ended_at, j.run, j.shown_as,
  j.tries, p.place, (SELECT count(*)::int FROM page) AS found, ${beginningOf('j.input')} AS input, ${beginningOf('j.result')} AS result
FROM page p JOIN journal j ON j.task_id = $1 AND j.origin = p.origin AND j.key = p.key
WHERE p.total - p.bytes < $5
ORDER BY p.place, p.key`;

const traceSql = pageSql(BEGINNING, "j.kind <> 'patch'");
const stepsSql = pageSql('j.seq::float8', `j.origin = $6 AND ${finishedStep}`);

/** Everything that is recorded of the task, also of earlier attempts, in the order in which it began. */
export function readOperations(database: Queryable, query: OperationQuery): Promise<OperationPage> {
  return readPage(database, traceSql, query, []);
}

/** Its finished steps since it last began from the start, at `origin`, by their numbers. */
export function readStepOperations(database: Queryable, query: OperationQuery, origin: number): Promise<OperationPage> {
  return readPage(database, stepsSql, query, [origin]);
}

async function readPage(
  database: Queryable,
  sql: string,
  { taskId, after, mostRows, mostBytes }: OperationQuery,
  more: readonly unknown[],
): Promise<OperationPage> {
  const [place = null, key = null] = after ?? [];
  const values = [taskId, place, key, mostRows, mostBytes, ...more];
  const all = await database.query<OperationRow & { readonly found: number } & Record<string, unknown>>(sql, values);
  const rows = all.slice(0, mostRows);
  const last = rows.at(-1);
  return { rows, next: last === undefined || last.found <= rows.length ? undefined : [last.place, last.key] };
}
