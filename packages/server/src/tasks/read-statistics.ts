/** What became of the caller's tasks over a time, bucket by bucket and agent by agent, and how many there are now. */
import { activeStates, isWaiting, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';

export interface StatisticsRange {
  /** At the beginning of a bucket. */
  readonly from: Date;
  readonly to: Date;
  readonly bucketSeconds: number;
  /** Only tasks of this agent, `type/name`. */
  readonly agent?: string | undefined;
}

/** Tasks that have not ended. */
export interface TasksNow {
  /** Accepted, and not begun yet. */
  readonly queued: number;
  readonly running: number;
  /** Of those running: held until fitting code takes them up. */
  readonly held: number;
  /** For a person. */
  readonly waiting: number;
}

export interface TaskFigures {
  readonly begun: number;
  readonly completed: number;
  /** Or rejected by their agent. */
  readonly failed: number;
  readonly canceled: number;
  /** Milliseconds from their creation to their end, of those that ended; null when none did. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface TaskStatistics {
  /** ISO 8601; later than asked for when `truncated`. */
  readonly from: string;
  readonly to: string;
  readonly bucketSeconds: number;
  /** So many tasks have changed that only the newest were looked at: the time before `from` is left out. */
  readonly truncated: boolean;
  readonly now: TasksNow;
  readonly total: TaskFigures;
  /** Without gaps, oldest first. */
  readonly buckets: readonly ({ readonly start: string } & TaskFigures)[];
  /** Those with tasks now or in this time, by name. */
  readonly agents: readonly ({ readonly agent: string } & TasksNow & TaskFigures)[];
}

/** What bounds the cost, whatever the time asked for. */
const MOST_TASKS = 200_000;

const figuresSql = `
WITH changed AS MATERIALIZED (
  -- Whatever began or ended in this time changed in it as well.
  SELECT agent, state, created_at, status_at FROM tasks
  WHERE tenant = $1 AND owner = $2 AND ($3::text IS NULL OR agent = $3) AND status_at >= $4
  ORDER BY status_at DESC LIMIT $6
), known AS (
  SELECT CASE WHEN count(*) < $6 THEN $4::timestamptz ELSE min(status_at) END AS since FROM changed
), moments AS (
  SELECT agent, created_at AS at, NULL AS state, NULL::float8 AS took_ms FROM changed, known WHERE created_at >= since
  UNION ALL
  SELECT agent, status_at, state, date_part('epoch', status_at - created_at) * 1000 FROM changed
  WHERE state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')
), placed AS (
  SELECT *, floor(date_part('epoch', at) / $5)::bigint AS bucket FROM moments
)
SELECT agent, bucket, (SELECT since FROM known),
       count(*) FILTER (WHERE state IS NULL) AS begun,
       count(*) FILTER (WHERE state = 'COMPLETED') AS completed,
       count(*) FILTER (WHERE state IN ('FAILED', 'REJECTED')) AS failed,
       count(*) FILTER (WHERE state = 'CANCELED') AS canceled,
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY took_ms) AS took
FROM placed GROUP BY GROUPING SETS ((agent), (bucket), ())`;

const nowSql = `
SELECT agent, state, count(*) AS n, count(held) AS held FROM tasks
WHERE tenant = $1 AND owner = $2 AND ($3::text IS NULL OR agent = $3) AND state = ANY ($4) GROUP BY agent, state`;

interface FiguresRow {
  /** Null in what is about all agents. */
  readonly agent: string | null;
  /** Seconds since 1970 in units of the bucket; null in what is about all of the time. */
  readonly bucket: number | null;
  readonly since: Date;
  readonly begun: number;
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
  readonly took: readonly [number | null, number | null] | null;
}

interface NowRow {
  readonly agent: string;
  readonly state: TaskState;
  readonly n: number;
  readonly held: number;
}

export async function readStatistics(
  database: Queryable,
  { tenant, owner }: Caller,
  { from, to, bucketSeconds, agent }: StatisticsRange,
  mostTasks = MOST_TASKS,
): Promise<TaskStatistics> {
  const whose = [tenant, owner, agent ?? null];
  const [rows, active] = await Promise.all([
    database.query<FiguresRow>(figuresSql, [...whose, from, bucketSeconds, mostTasks]),
    database.query<NowRow>(nowSql, [...whose, activeStates]),
  ]);
  const since = rows[0]?.since ?? from;
  const byBucket = new Map(rows.filter((row) => row.bucket !== null).map((row) => [row.bucket, row]));
  const byAgent = new Map(rows.filter((row) => row.agent !== null).map((row) => [row.agent, row]));
  const names = new Set([...byAgent.keys(), ...active.map((row) => row.agent)].filter((name) => name !== null));
  const bucketOf = (time: Date): number => Math.floor(time.getTime() / 1_000 / bucketSeconds);
  const first = bucketOf(since);
  return {
    from: since.toISOString(),
    to: to.toISOString(),
    bucketSeconds,
    truncated: since.getTime() !== from.getTime(),
    now: toNow(active),
    total: toFigures(rows.find((row) => row.agent === null && row.bucket === null)),
    buckets: Array.from({ length: bucketOf(to) - first + 1 }, (_, index) => {
      const start = new Date((first + index) * bucketSeconds * 1_000).toISOString();
      return { start, ...toFigures(byBucket.get(first + index)) };
    }),
    agents: [...names].toSorted().map((name) => {
      const itsNow = toNow(active.filter((row) => row.agent === name));
      return { agent: name, ...itsNow, ...toFigures(byAgent.get(name)) };
    }),
  };
}

function toNow(rows: readonly NowRow[]): TasksNow {
  const count = (fits: (state: TaskState) => boolean): number =>
    rows.reduce((sum, { state, n }) => (fits(state) ? sum + n : sum), 0);
  return {
    queued: count((state) => state === 'SUBMITTED'),
    running: count((state) => state === 'WORKING'),
    waiting: count(isWaiting),
    held: rows.reduce((sum, { held }) => sum + held, 0),
  };
}

function toFigures(row: FiguresRow | undefined): TaskFigures {
  const [medianMs, p95Ms] = row?.took ?? [null, null];
  const { begun = 0, completed = 0, failed = 0, canceled = 0 } = row ?? {};
  return { begun, completed, failed, canceled, medianMs: rounded(medianMs), p95Ms: rounded(p95Ms) };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
