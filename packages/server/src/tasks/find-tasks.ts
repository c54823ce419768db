/** Finds tasks by what they were made from, and those that should be running. */
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { instanceRows, queueRows, versionRows } from '../runs/views.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { runsOn } from './version-to-run.js';

/** A message as its sender knows it: to which agent, in which context. */
export interface MessageAddress {
  readonly contextId: string;
  readonly messageId: string;
  readonly agent: string;
}

export interface TaskOfAgent {
  readonly id: string;
  readonly agent: string;
}

/** The task that `messageId` opened in this context of the caller's: that of `agent` before that of any other. */
export async function findByMessage(
  database: Database,
  caller: Caller,
  { contextId, messageId, agent }: MessageAddress,
): Promise<TaskOfAgent | undefined> {
  const [row] = await database.query<TaskOfAgent>(
    `SELECT id, agent FROM tasks WHERE tenant = $1 AND owner = $2 AND context_id = $3 AND message_id = $4
     ORDER BY agent = $5 DESC LIMIT 1`,
    [caller.tenant, caller.owner, contextId, messageId, agent],
  );
  return row;
}

/** Whether the caller has tasks of the agent. */
export async function hasTasksOf(database: Database, caller: Caller, agent: string): Promise<boolean> {
  const rows = await database.query('SELECT 1 FROM tasks WHERE tenant = $1 AND owner = $2 AND agent = $3 LIMIT 1', [
    caller.tenant,
    caller.owner,
    agent,
  ]);
  return rows.length > 0;
}

/** The key of the session in which the caller's task is; undefined for one that is in none, or isn't the caller's. */
export async function findSessionOf(database: Database, caller: Caller, id: string): Promise<string | undefined> {
  const [row] = await database.query<{ session_id: string | null }>(
    'SELECT session_id FROM tasks WHERE id = $1 AND tenant = $2 AND owner = $3',
    [id, caller.tenant, caller.owner],
  );
  return row?.session_id ?? undefined;
}

/** Among the tasks that may have to run: behind the last one that was looked at. */
export interface SweepPlace {
  readonly at: string;
  readonly id: string;
}

export type SweepStart = SweepPlace | 'beginning' | 'newest';

export interface WantedPage {
  readonly tasks: readonly WantedTask[];
  /** Where the page ends; undefined when it was the last one. */
  readonly next: SweepPlace | undefined;
}

const BEGINNING: SweepPlace = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/** How long a task is its reviver's alone. */
export const REVIVING_MS = 5_000;

export interface WantedTask {
  readonly id: string;
  readonly agent: string;
  readonly priority: number | undefined;
  /** Since when it may run: a time of the database. */
  readonly since: string;
  /** When the run began that had its last place in the queue of its agent, as that says it; undefined: there was none. */
  readonly begunAt: string | undefined;
  /** It was started twice or more without getting further. */
  readonly isSuspect: boolean;
}

/** Tasks that should be running, and are in nobody's hands or in those of the dead; `which` narrows them down. */
const wantedSql = (which: string): string => `
SELECT t.id, t.agent, t.priority, t.status_at, t.run_count >= 2 AS suspect, q.begun_at::text AS begun,
  greatest(t.created_at, t.start_at)::text AS since
FROM tasks t LEFT JOIN ${queueRows} q ON q.task_id = t.id
WHERE t.state IN ('SUBMITTED', 'WORKING') AND t.wakes_at IS NULL AND (t.run_token IS NULL OR NOT t.run_instance = ANY ($1::uuid[]))
  -- On the one clock that all instances share.
  AND (t.start_at IS NULL OR t.start_at <= now())
  -- Its run is there, and is over in a moment, unless it lost the task and doesn't notice.
  AND (q.waits IS NOT TRUE AND (q.begun_at IS NULL OR q.ended_at IS NOT NULL OR NOT q.begun_by = ANY ($1::uuid[])
    OR (t.run_token IS NULL AND greatest(t.status_at, q.begun_at) < now() - interval '10 s')))
  AND (t.blocked_by IS NULL OR NOT EXISTS (
    SELECT 1 FROM tasks b WHERE b.id = t.blocked_by
      AND b.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')))
  -- One that is held is for instances that have not tried it.
  AND NOT $2::uuid = ANY (t.held_by)
  AND ${which}`;

/**
 * Of those, the tasks that nobody else is about to revive: what this statement answers with is the caller's to revive,
 * for as long as `REVIVING_MS`. A claim ends that. Two instances that saw the same task at the same moment would begin
 * it twice, the second time under the hands of the run that the first has begun. An instance takes only tasks
 * whose agent it has; those of an agent that nobody has stay as they are until one comes that has it.
 */
const takenSql = (which: string): string => `
UPDATE tasks u SET reviving_at = now(), reviving_by = $2 FROM (${wantedSql(which)}) wanted
WHERE u.id = wanted.id
  AND (u.run_token IS NULL OR NOT u.run_instance = ANY ($1::uuid[]))
  AND (u.reviving_at IS NULL OR u.reviving_at < now() - interval '${REVIVING_MS} ms'
       OR NOT u.reviving_by = ANY ($1::uuid[]))
RETURNING wanted.*`;

const runnable = runsOn('t', '$2');
// Whoever has just stored a task or an answer is about to start its run.
const justNow = `now() - interval '1 s'`;
const toRun = `state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL`;

/** Takes what is wanted of the tasks that `looked` selects, and answers in one row. */
const takenOf = (looked: string): string => `
WITH looked AS MATERIALIZED (${looked}),
taken AS (${takenSql(`t.id IN (SELECT id FROM looked) AND ${runnable} AND (t.run_token IS NOT NULL OR t.status_at < ${justNow})`)})
SELECT coalesce((SELECT json_agg(t ORDER BY t.status_at) FROM taken t), '[]') AS taken, p.status_at::text AS at, p.id
FROM (SELECT) one LEFT JOIN (
  SELECT * FROM (SELECT *, count(*) OVER () AS n FROM looked) l WHERE n = $3 ORDER BY status_at DESC, id DESC LIMIT 1) p ON true`;

const nextTaken = takenOf(`
  SELECT status_at, id FROM tasks WHERE ${toRun} AND (status_at, id) > ($4::timestamptz, $5::uuid)
  ORDER BY status_at, id LIMIT $3::int`);
const newestTaken = takenOf(`
  SELECT status_at, id FROM tasks WHERE ${toRun} AND status_at < ${justNow}
  ORDER BY status_at DESC, id DESC LIMIT $3::int`);
const someTaken = takenSql(`${runnable} AND t.id = ANY ($3)`);

interface WantedRow extends Pick<WantedTask, 'id' | 'agent' | 'since'> {
  readonly begun: string | null;
  readonly suspect: boolean;
  readonly priority: number | null;
}

/** Who takes wanted tasks, and whose runs are under way. */
export interface Taker {
  readonly alive: ReadonlySet<string>;
  /** The instance. */
  readonly by: string;
}

/**
 * Of these tasks those that were accepted, answered or left behind, that no instance in `alive` is running, and that no queue
 * holds; nobody but the instance `by` is given them until a run has claimed them, REVIVING_MS are over, or it is lost.
 */
export async function takeWanted(
  database: Database,
  { alive, by }: Taker,
  ids: readonly string[],
): Promise<readonly WantedTask[]> {
  const rows = await database.prepared<WantedRow>('take-some-wanted', someTaken, [[...alive], by, ids]);
  return rows.map(toWanted);
}

/** The same of the next page of all tasks, or of the newest ones: so many are looked at. */
export async function takeNextWanted(
  database: Database,
  { alive, by }: Taker,
  from: SweepStart,
  size: number,
): Promise<WantedPage> {
  const { at, id } = typeof from === 'string' ? BEGINNING : from;
  const [row] = await (from === 'newest'
    ? database.prepared<PageRow>('take-newest-wanted', newestTaken, [[...alive], by, size])
    : database.prepared<PageRow>('take-next-wanted', nextTaken, [[...alive], by, size, at, id]));
  if (row === undefined) return { tasks: [], next: undefined };
  return {
    tasks: row.taken.map(toWanted),
    next: row.at === null || row.id === null ? undefined : { at: row.at, id: row.id },
  };
}

interface PageRow extends Record<string, unknown> {
  readonly taken: readonly WantedRow[];
  readonly at: string | null;
  readonly id: string | null;
}

function toWanted({ id, agent, since, begun, priority, suspect }: WantedRow): WantedTask {
  return { id, agent, since, begunAt: begun ?? undefined, priority: priority ?? undefined, isSuspect: suspect };
}

/** So many tasks that have not ended are looked at, and so many groups of them told of. */
const MOST_LOOKED_AT = 100_000;
const MOST_GROUPS = 100;

/** A version of an agent that an instance has. */
export interface PresentVersion {
  readonly agent: string;
  readonly version: string;
  readonly pinned: boolean;
}

/** Tasks that have not ended, and whose agent, or pinned version of it, an instance lacks. */
export interface StrandedTasks {
  readonly agent: string;
  /** With which they ran; null for those that have not run. */
  readonly version: string | null;
  readonly tasks: number;
  /** Whether the instance has the agent in another version. */
  readonly here: boolean;
  /** Whether an instance that is alive has what this one lacks. */
  readonly elsewhere: boolean;
}

const strandedSql = `
WITH own AS (SELECT * FROM json_to_recordset($1) AS o(agent text, version text, pinned boolean)),
-- Of an agent that is pinned here, every version is taken for pinned: what was lost for a day is not known any more.
pinned AS (SELECT v.agent, v.version FROM ${versionRows} v WHERE v.pinned
           UNION SELECT own.agent, NULL FROM own WHERE own.pinned),
found AS (
  SELECT t.agent, t.agent_version AS version, count(*) AS tasks, EXISTS (SELECT 1 FROM own WHERE own.agent = t.agent) AS here
  FROM (SELECT agent, agent_version FROM tasks
        WHERE state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')
          AND (NOT agent = ANY (SELECT agent FROM own) OR agent = ANY (SELECT agent FROM pinned))
        LIMIT ${MOST_LOOKED_AT}) t
  GROUP BY t.agent, t.agent_version
)
SELECT f.agent, f.version, f.tasks, f.here,
  CASE WHEN f.here
    THEN EXISTS (SELECT 1 FROM ${versionRows} v WHERE v.alive AND v.agent = f.agent AND v.version = f.version)
    ELSE EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.lost_at IS NULL AND (i.agents IS NULL OR i.agents ? f.agent))
  END AS elsewhere
FROM found f
WHERE NOT f.here
  OR (NOT EXISTS (SELECT 1 FROM own WHERE own.agent = f.agent AND own.version = f.version)
      AND EXISTS (SELECT 1 FROM pinned p WHERE p.agent = f.agent AND (p.version IS NULL OR p.version = f.version)))
ORDER BY f.agent, f.version LIMIT ${MOST_GROUPS}`;

/** By agent and version, of what is not among `own`. */
export function findStranded(database: Database, own: readonly PresentVersion[]): Promise<readonly StrandedTasks[]> {
  return database.query<StrandedTasks & Record<string, unknown>>(strandedSql, [JSON.stringify(own)]);
}

/** A task that a run doesn't own any more: another run does, or nobody needs to run it now. */
export interface OverruledTask {
  readonly id: string;
  readonly toBeRun: boolean;
  /** For a person: a run that has just asked it so has nothing to be told. */
  readonly waits: boolean;
}

/** Whose a task is, and how far. */
export interface TaskStanding {
  readonly agent: string;
  readonly state: TaskState;
}

/** By the ids of the tasks; what doesn't exist is left out. */
export async function findStates(
  database: Pick<Database, 'prepared'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TaskStanding>> {
  const rows = await database.prepared<TaskStanding & { readonly id: string }>(
    'find-states',
    'SELECT id, agent, state FROM tasks WHERE id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, agent, state }) => [id, { agent, state }]));
}

/** Of runs, the tasks that they don't own any more. */
export async function findOverruled(
  database: Database,
  runs: readonly { readonly taskId: string; readonly token: string }[],
): Promise<readonly OverruledTask[]> {
  return database.prepared<OverruledTask>(
    'find-overruled',
    `SELECT * FROM (
       SELECT r.id, coalesce(t.state IN ('SUBMITTED', 'WORKING'), false) AS "toBeRun",
         coalesce(t.state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED'), false) AS waits, t.run_token = r.token AS owned
       FROM json_to_recordset($1) AS r(id uuid, token uuid) LEFT JOIN tasks t ON t.id = r.id) o
     WHERE o.owned IS NOT TRUE OR NOT o."toBeRun"`,
    [JSON.stringify(runs.map(({ taskId, token }) => ({ id: taskId, token })))],
  );
}
