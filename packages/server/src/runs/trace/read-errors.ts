/** How the caller's tasks have failed, those alike together. */
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { Caller } from '../../platform/caller.js';
import type { Queryable } from '../../platform/database.js';

/** Failures of the same kind from the same place. */
export interface ErrorGroup {
  readonly fingerprint: string;
  /** `type/name`. */
  readonly agent: string;
  readonly name: string;
  /** Of the last of them. */
  readonly message: string;
  /** `file:line` in the project's own code, where it came from. */
  readonly place: string | null;
  /** The step that failed for good. */
  readonly step: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The last task that failed so. */
  readonly taskId: string;
}

export interface ErrorStatistics {
  readonly from: string;
  readonly to: string;
  /** What failed most often first. */
  readonly errors: readonly ErrorGroup[];
  /** Failures in all; of more than were looked at, the last. */
  readonly total: number;
  /** There are more of them than are looked at, or more kinds than are shown. */
  readonly truncated: boolean;
}

export interface ErrorQuery {
  readonly from: Date;
  readonly to: Date;
  readonly agent: string | undefined;
  readonly pageSize: number;
}

/** Failures that one answer looks at: the last ones. */
const MOST_FAILURES = 50_000;

const sql = `
WITH failed AS (
  SELECT * FROM task_failures
  WHERE tenant = $1 AND owner = $2 AND at >= $3 AND at < $4 AND ($5::text IS NULL OR agent = $5)
  ORDER BY at DESC LIMIT ${MOST_FAILURES}
)
SELECT fingerprint, agent, count(*)::int AS count, min(at) AS first_at, max(at) AS last_at,
  (array_agg(task_id ORDER BY at DESC))[1] AS task_id, (array_agg(name ORDER BY at DESC))[1] AS name,
  (array_agg(message ORDER BY at DESC))[1] AS message, (array_agg(place ORDER BY at DESC))[1] AS place,
  (array_agg(step ORDER BY at DESC))[1] AS step,
  (sum(count(*)) OVER ())::int AS total
FROM failed GROUP BY fingerprint, agent ORDER BY count(*) DESC, max(at) DESC, fingerprint LIMIT $6::int + 1`;

interface Row extends Omit<ErrorGroup, 'firstAt' | 'lastAt' | 'taskId'> {
  readonly first_at: Date;
  readonly last_at: Date;
  readonly task_id: string;
  readonly total: number;
}

export async function readErrors(
  database: Queryable,
  { tenant, owner }: Caller,
  { from, to, agent, pageSize }: ErrorQuery,
  hide: Hide,
): Promise<ErrorStatistics> {
  const values = [tenant, owner, from, to, agent ?? null, pageSize];
  const rows = await database.query<Row & Record<string, unknown>>(sql, values);
  const total = rows[0]?.total ?? 0;
  const errors = rows.slice(0, pageSize).map((row) => toGroup(row, hide));
  const truncated = rows.length > pageSize || total >= MOST_FAILURES;
  return { from: from.toISOString(), to: to.toISOString(), errors, total, truncated };
}

function toGroup(row: Row, hide: Hide): ErrorGroup {
  const { fingerprint, agent, name, message, place, step, count, task_id: taskId } = row;
  const times = { firstAt: row.first_at.toISOString(), lastAt: row.last_at.toISOString() };
  return { fingerprint, agent, name, message: hide(message), place, step, count, ...times, taskId };
}
