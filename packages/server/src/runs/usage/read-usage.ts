/** What language models cost over some days, put together by day, agent, session, task, model or owner. */
import { toUsage, type Usage, type UsageFigures } from '@continuo/agent/internal/tasks/usage.js';
import type { Queryable } from '../../platform/database.js';
import { figures, tokenColumns } from './recording-calls.js';

/** What usage can be put together by, and the column of each. */
const columnOf = {
  day: "to_char(day, 'YYYY-MM-DD')",
  agent: 'agent',
  session: 'session',
  task: 'task',
  model: 'model',
  owner: 'owner',
} as const;

export type UsageKey = keyof typeof columnOf;
export const usageKeys = Object.keys(columnOf) as readonly UsageKey[];

export interface UsageQuery {
  readonly tenant: string;
  /** Undefined: everybody of the tenant. */
  readonly owner: string | undefined;
  /** The first and the last day, in UTC: `2026-01-31`. */
  readonly from: string;
  readonly to: string;
  readonly by: readonly UsageKey[];
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  /** A session by its contextId. */
  readonly session?: string | undefined;
  /** The task that a user began: with all that it called. */
  readonly rootTask?: string | undefined;
}

export interface UsageReport {
  readonly from: string;
  readonly to: string;
  readonly total: Usage;
  /** The newest day first, and then what took the most tokens. */
  readonly groups: readonly (Readonly<Partial<Record<UsageKey, string | null>>> & Usage)[];
  /** There are more groups, which are left out. */
  readonly truncated: boolean;
}

const MOST_GROUPS = 1_000;

const counts = tokenColumns.join(', ');

/** Deleted tasks are in it without their sessions. */
const callsSql = `
SELECT owner, agent, model, (at AT TIME ZONE 'UTC')::date AS day, context_id AS session, task_id::text AS task,
       1 AS calls, ${counts}, coalesce(cost_nanos, 0) AS cost_nanos, (cost_nanos IS NULL)::int AS unpriced_calls,
       estimated::int AS estimated_calls
FROM model_calls
WHERE tenant = $1 AND ($2::text IS NULL OR owner = $2)
  AND at >= $3::date::timestamp AT TIME ZONE 'UTC' AND at < ($4::date + 1)::timestamp AT TIME ZONE 'UTC'
  AND ($7::text IS NULL OR context_id = $7) AND ($8::uuid IS NULL OR root_id = $8)
UNION ALL
SELECT owner, agent, model, day, NULL, NULL, calls, ${counts}, cost_nanos, unpriced_calls, estimated_calls
FROM usage_days
WHERE tenant = $1 AND ($2::text IS NULL OR owner = $2) AND day BETWEEN $3::date AND $4::date
  AND $7::text IS NULL AND $8::uuid IS NULL`;

type Row = Readonly<Partial<Record<UsageKey, string | null>>> & UsageFigures & { readonly whole: boolean };

export async function readUsage(database: Queryable, query: UsageQuery): Promise<UsageReport> {
  const { tenant, owner, from, to, by, agent, model, session, rootTask } = query;
  const keys = by.map((key) => `${columnOf[key]} AS "${key}"`);
  const grouped = by.map((_, index) => String(index + 1)).join(', ');
  const sql = `
WITH counted AS (${callsSql}), wanted AS (
  SELECT * FROM counted WHERE ($5::text IS NULL OR agent = $5) AND ($6::text IS NULL OR model = $6)
)
(SELECT ${[...by.map((key) => `NULL AS "${key}"`), 'true AS whole', figures].join(', ')} FROM wanted)
UNION ALL
(SELECT ${[...keys, 'false AS whole', figures].join(', ')} FROM wanted
 GROUP BY ${grouped}
 ORDER BY ${by.includes('day') ? '"day" DESC, ' : ''}"totalTokens" DESC, ${grouped} LIMIT ${MOST_GROUPS + 1})`;
  const values = [tenant, owner ?? null, from, to, agent ?? null, model ?? null, session ?? null, rootTask ?? null];
  const rows = await database.query<Row & Record<string, unknown>>(sql, values);
  const groups = rows.filter(({ whole }) => !whole).slice(0, MOST_GROUPS);
  const total = rows.find(({ whole }) => whole);
  if (total === undefined) throw new Error('a sum has no row');
  return {
    from,
    to,
    total: toUsage(total),
    groups: groups.map((row) => ({ ...Object.fromEntries(by.map((key) => [key, row[key] ?? null])), ...toUsage(row) })),
    truncated: rows.length > MOST_GROUPS + 1,
  };
}
