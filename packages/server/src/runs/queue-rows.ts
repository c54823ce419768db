/** The tables of the queue: what limits agents, and the runs that wait for a place or have one. */
import { runsElsewhere } from '../tasks/version-to-run.js';
import type { Database, Queryable } from '../platform/database.js';
import { instanceRows } from './views.js';

export interface RunLimits {
  /** Runs at the same time on one instance. */
  readonly perInstance?: number | undefined;
  /** Runs at the same time on all instances together. */
  readonly total?: number | undefined;
  /** Runs that begin within `perMs` milliseconds, on all instances together. */
  readonly rate?: { readonly tasks: number; readonly perMs: number } | undefined;
}

export interface LimitedAgent {
  readonly agent: string;
  readonly limits: RunLimits;
}

/** Of runs for which no priority was asked. */
export const DEFAULT_PRIORITY = 100;

export interface QueuedRun {
  /** The task's id. */
  readonly id: string;
  readonly agent: string;
  /** Lower goes first. Default DEFAULT_PRIORITY. */
  readonly priority?: number | undefined;
  /** When the run began that had the task's last place, as the table says it. Default: the task had none. */
  readonly begunAt?: string | undefined;
}

/** Runs that begin in one transaction. */
const MOST_AT_ONCE = 100;
/** So many of those that wait are looked at, first in line first, for one that the instance can run. */
const MOST_LOOKED_AT = 1_000;

const limitSql = `
WITH gone AS (
  DELETE FROM agent_limits WHERE agent = ANY ($1::text[]) AND NOT agent IN (SELECT agent FROM json_to_recordset($2) AS l(agent text)))
INSERT INTO agent_limits AS a (agent, per_instance, total, rate_tasks, rate_ms)
SELECT l.agent, l.per_instance, l.total, l.rate_tasks, l.rate_ms
FROM json_to_recordset($2) AS l(agent text, per_instance bigint, total bigint, rate_tasks bigint, rate_ms bigint)
ORDER BY l.agent
ON CONFLICT (agent) DO UPDATE SET
  (per_instance, total, rate_tasks, rate_ms) = (excluded.per_instance, excluded.total, excluded.rate_tasks, excluded.rate_ms)`;

/** From now on `limited` limits the agents among `own`, on all instances; what it doesn't name is not limited. */
export async function storeLimits(
  database: Database,
  own: readonly string[],
  limited: readonly LimitedAgent[],
): Promise<void> {
  const rows = limited.map(({ agent, limits: { perInstance, total, rate } }) => ({
    agent,
    per_instance: perInstance,
    total,
    rate_tasks: rate?.tasks,
    rate_ms: rate?.perMs,
  }));
  await database.query(limitSql, [own, JSON.stringify(rows)]);
}

const queueSql = `
INSERT INTO queued_runs AS q (task_id, agent, priority) VALUES ($1, $2, $3)
ON CONFLICT (task_id) DO UPDATE SET begun_at = NULL, begun_by = NULL, ended_at = NULL
WHERE q.begun_at = $4::timestamptz`;

/**
 * Has the run wait for a place. Where the task had one, it keeps its rank in the line; nothing happens when it waits already, or
 * has begun anew since `begunAt`.
 */
export async function queueRun(
  database: Database,
  { id, agent, priority = DEFAULT_PRIORITY, begunAt }: QueuedRun,
): Promise<void> {
  await database.prepared('queue-run', queueSql, [id, agent, priority, begunAt ?? null]);
}

/** How many more runs of the agent may begin on the instance, both SQL expressions: at most MOST_AT_ONCE, less than one for none. */
const placesOf = (agent: string, instance: string): string => `(
  SELECT least(${MOST_AT_ONCE},
    l.total - count(*) FILTER (WHERE b.runs),
    l.per_instance - count(*) FILTER (WHERE b.runs AND b.begun_by = ${instance}),
    l.rate_tasks - count(*) FILTER (WHERE b.begun_at > clock_timestamp() - l.rate_ms * interval '1 ms'))
  FROM (SELECT) one
  LEFT JOIN agent_limits l ON l.agent = ${agent}
  LEFT JOIN (
    SELECT q.begun_at, q.begun_by, q.ended_at IS NULL AND i.id IS NOT NULL AS runs
    FROM queued_runs q LEFT JOIN ${instanceRows} i ON i.id = q.begun_by AND i.lost_at IS NULL
    WHERE q.agent = ${agent} AND q.begun_at IS NOT NULL) b ON true
  GROUP BY l.agent)`;

const withRoomSql = `
SELECT a.agent FROM unnest($1::text[]) a(agent)
WHERE EXISTS (SELECT 1 FROM queued_runs q WHERE q.agent = a.agent AND q.begun_at IS NULL) AND ${placesOf('a.agent', '$2::uuid')} > 0`;

/** Those of the agents for which a run waits that might begin on this instance. */
export async function agentsWithRoom(
  database: Database,
  agents: readonly string[],
  instanceId: string,
): Promise<readonly string[]> {
  const rows = await database.prepared<{ agent: string }>('agents-with-room', withRoomSql, [agents, instanceId]);
  return rows.map(({ agent }) => agent);
}

// Behind the lock: a statement sees what was stored before it began, not what was while it waited.
const beginSql = `
WITH room AS (SELECT ${placesOf('$1', '$2::uuid')} AS places
              WHERE EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = $2::uuid AND i.lost_at IS NULL)),
chosen AS (
  SELECT f.task_id FROM (
    SELECT task_id, priority, queued_at FROM queued_runs WHERE agent = $1 AND begun_at IS NULL
    ORDER BY priority, queued_at, task_id LIMIT ${MOST_LOOKED_AT}) f
  WHERE (SELECT places FROM room) > 0 AND NOT ${runsElsewhere('f.task_id', '$2::uuid')}
  ORDER BY f.priority, f.queued_at, f.task_id LIMIT greatest((SELECT places FROM room), 0)
),
begun AS (
  UPDATE queued_runs q SET begun_at = clock_timestamp(), begun_by = $2::uuid
  FROM chosen WHERE q.task_id = chosen.task_id AND q.begun_at IS NULL
  RETURNING q.task_id, q.priority, q.queued_at
)
SELECT task_id AS id FROM begun ORDER BY priority, queued_at, task_id`;

/** Gives the agent's free places to those first in line that the instance can run; answers with these tasks. */
export async function beginRuns(database: Database, agent: string, instanceId: string): Promise<readonly string[]> {
  return database.transaction(async (client) => {
    await client.query('SELECT 1 FROM agent_limits WHERE agent = $1 FOR UPDATE', [agent]);
    const rows = await client.query<{ id: string }>(beginSql, [agent, instanceId]);
    return rows.map(({ id }) => id);
  });
}

const endSql = `
WITH ended AS (
  UPDATE queued_runs SET ended_at = clock_timestamp() WHERE task_id = ANY ($1::uuid[]) AND begun_by = $2 AND ended_at IS NULL
  RETURNING agent
)
DELETE FROM queued_runs q USING ended
WHERE q.agent = ended.agent AND q.begun_at IS NOT NULL AND q.ended_at IS NOT NULL
  AND q.begun_at <= clock_timestamp() - coalesce((SELECT rate_ms FROM agent_limits l WHERE l.agent = q.agent), 0) * interval '1 ms'`;

/** Frees the places that runs of this instance had. */
export async function endRuns(database: Database, ids: readonly string[], instanceId: string): Promise<void> {
  await database.prepared('end-queued-runs', endSql, [ids, instanceId]);
}

/** The tasks have no run any more: they leave the line, or free their places, and no longer count in the rate. */
export async function removeRuns(client: Queryable, ids: readonly string[]): Promise<void> {
  await client.query('DELETE FROM queued_runs WHERE task_id = ANY ($1::uuid[])', [ids]);
}
