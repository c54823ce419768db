/** How many tasks have not ended, by agent and what they do, and how long the oldest of them has waited for its first run. */
import type { Queryable } from '../platform/database.js';

/** However many there are: a look takes no longer. */
const MOST = 100_000;

export interface ActiveTasks {
  readonly counts: readonly { readonly agent: string; readonly state: string; readonly tasks: number }[];
  readonly held: readonly { readonly agent: string; readonly tasks: number }[];
  /** 0 where none waits. */
  readonly oldestQueuedSeconds: number;
}

const activeSql = `
WITH active AS MATERIALIZED (
  (SELECT agent, lower(state) AS state, greatest(created_at, start_at) AS since FROM tasks
   WHERE state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL ORDER BY status_at, id LIMIT ${MOST})
  UNION ALL
  (SELECT agent, 'parked', NULL FROM tasks WHERE state = 'WORKING' AND wakes_at IS NOT NULL LIMIT ${MOST})
  UNION ALL
  (SELECT agent, lower(state), NULL FROM tasks WHERE state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') LIMIT ${MOST})
)
SELECT agent, state, count(*)::int AS tasks,
  extract(epoch FROM now() - min(since) FILTER (WHERE since <= now()))::float8 AS seconds
FROM active GROUP BY agent, state`;

const heldSql = `
SELECT agent, count(*)::int AS tasks FROM (SELECT agent FROM tasks WHERE held IS NOT NULL LIMIT ${MOST}) h
GROUP BY agent`;

export async function countActive(database: Queryable): Promise<ActiveTasks> {
  const counts = await database.query<{ agent: string; state: string; tasks: number; seconds: number | null }>(
    activeSql,
  );
  const held = await database.query<{ agent: string; tasks: number }>(heldSql);
  const queued = counts.filter(({ state }) => state === 'submitted');
  return { counts, held, oldestQueuedSeconds: Math.max(0, ...queued.map(({ seconds }) => seconds ?? 0)) };
}
