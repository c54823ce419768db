/** The tables of the queue: what limits agents, and the runs that wait for a place or have one. */
import { runsElsewhere } from '../tasks/version-to-run.js';
import type { Database, Queryable } from '../platform/database.js';
import { instanceRows } from './views.js';

export interface RunLimits {
  /** Runs at the same time on one instance. */
  readonly perInstance?: number | undefined;
  /** Runs at the same time on all instances together. */
  readonly total?: number | undefined;
  /** Tasks that begin within `perMs` milliseconds, on all instances together; one that begins again counts once, then. */
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
  /** Its rank among those of its priority: a time of the database. */
  readonly since: string;
  /** When the run began that had the task's last place, as the table says it. Default: the task had none. */
  readonly begunAt?: string | undefined;
}

/** Runs that begin in one transaction. */
const MOST_AT_ONCE = 100;
/** A rate's time is cut at a century, which a time of the database can be moved by. */
const LONGEST_RATE_MS = 100 * 365 * 24 * 60 * 60_000;

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
    rate_ms: rate === undefined ? undefined : Math.min(rate.perMs, LONGEST_RATE_MS),
  }));
  await database.transaction(async (client) => {
    // In order, so that two that start at once wait for each other, and not each for the other.
    await client.query('SELECT 1 FROM agent_limits WHERE agent = ANY ($1::text[]) ORDER BY agent FOR UPDATE', [own]);
    await client.query(limitSql, [own, JSON.stringify(rows)]);
  });
}

const queueSql = `
INSERT INTO queued_runs AS q (task_id, agent, priority, queued_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (task_id) DO UPDATE SET begun_at = NULL, begun_by = NULL, ended_at = NULL
WHERE q.begun_at = $5::timestamptz`;

/** Has the run wait for a place; nothing happens when it waits already, or has begun anew since `begunAt`. */
export async function queueRun(
  database: Database,
  { id, agent, priority = DEFAULT_PRIORITY, since, begunAt }: QueuedRun,
): Promise<void> {
  await database.prepared('queue-run', queueSql, [id, agent, priority, since, begunAt ?? null]);
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
WHERE CASE WHEN EXISTS (SELECT 1 FROM queued_runs q WHERE q.agent = a.agent AND q.begun_at IS NULL)
  THEN ${placesOf('a.agent', '$2::uuid')} > 0 END`;

/** Those of the agents for which a run waits that might begin on this instance. */
export async function agentsWithRoom(
  database: Database,
  agents: readonly string[],
  instanceId: string,
): Promise<readonly string[]> {
  const rows = await database.prepared<{ agent: string }>('agents-with-room', withRoomSql, [agents, instanceId]);
  return rows.map(({ agent }) => agent);
}

// Behind the lock: a statement sees what was stored before it began, not what was while it waited. What somebody deletes is
// not waited for. The inner SELECT keeps PostgreSQL from looking at all tasks.
const beginSql = `
WITH room AS (SELECT greatest(${placesOf('$1', '$2::uuid')}, 0) AS places
              WHERE EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = $2::uuid AND i.lost_at IS NULL)),
chosen AS (
  SELECT q.task_id FROM queued_runs q
  WHERE q.agent = $1 AND q.begun_at IS NULL AND NOT (SELECT ${runsElsewhere('q.task_id', '$2::uuid')})
  ORDER BY q.priority, q.queued_at, q.task_id LIMIT coalesce((SELECT places FROM room), 0)
  FOR UPDATE SKIP LOCKED
),
begun AS (
  UPDATE queued_runs q SET begun_at = clock_timestamp(), begun_by = $2::uuid
  FROM chosen WHERE q.task_id = chosen.task_id
  RETURNING q.task_id, q.priority, q.queued_at
)
SELECT coalesce((SELECT places FROM room), 0)::int AS places,
  (SELECT coalesce(json_agg(task_id ORDER BY priority, queued_at, task_id), '[]') FROM begun) AS ids`;

const giveBackSql = `
UPDATE queued_runs SET begun_at = NULL, begun_by = NULL
WHERE agent = $1 AND begun_by = $2 AND ended_at IS NULL AND NOT task_id = ANY ($3::uuid[])`;

/** How many places of an agent were free for the instance, and the tasks that were given some. */
export interface BegunRuns extends Record<string, unknown> {
  readonly places: number;
  readonly ids: readonly string[];
}

/**
 * Gives the agent's free places to those first in line that the instance can run. `known`: where places may have been given
 * to the instance of which it has not heard, all that it has; the others wait again.
 */
export async function beginRuns(
  database: Database,
  agent: string,
  instanceId: string,
  known?: readonly string[],
): Promise<BegunRuns> {
  return database.transaction(async (client) => {
    await client.query('SELECT 1 FROM agent_limits WHERE agent = $1 FOR UPDATE', [agent]);
    // Behind the lock, which a transaction has whose end is not known: what it gave is seen by now.
    if (known !== undefined) await client.query(giveBackSql, [agent, instanceId, known]);
    const [begun] = await client.query<BegunRuns>(beginSql, [agent, instanceId]);
    return begun ?? { places: 0, ids: [] };
  });
}

// What is over is of no use any more, be it that its instance is lost, once no rate counts it.
const endSql = `
WITH ended AS (
  UPDATE queued_runs SET ended_at = clock_timestamp() WHERE task_id = ANY ($1::uuid[]) AND begun_by = $2 AND ended_at IS NULL
  RETURNING agent
),
counted AS (
  SELECT DISTINCT e.agent, clock_timestamp() - coalesce(l.rate_ms, 0) * interval '1 ms' AS since
  FROM ended e LEFT JOIN agent_limits l ON l.agent = e.agent
)
DELETE FROM queued_runs WHERE task_id IN (
  SELECT q.task_id FROM counted c JOIN queued_runs q ON q.agent = c.agent AND q.begun_at <= c.since
  WHERE q.ended_at IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = q.begun_by AND i.lost_at IS NULL)
  FOR UPDATE OF q SKIP LOCKED)`;

/** Frees the places that runs of this instance had. */
export async function endRuns(database: Database, ids: readonly string[], instanceId: string): Promise<void> {
  await database.prepared('end-queued-runs', endSql, [ids, instanceId]);
}

/** The tasks have no run any more: they leave the line, or free their places, and no longer count in the rate. How many did. */
export async function removeRuns(client: Queryable, ids: readonly string[]): Promise<number> {
  const gone = await client.query('DELETE FROM queued_runs WHERE task_id = ANY ($1::uuid[]) RETURNING task_id', [ids]);
  return gone.length;
}
