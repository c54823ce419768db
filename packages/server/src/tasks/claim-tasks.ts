/** Hands tasks over to runs, whose tasks begin to work: from then on only the holder of the new token can append. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Answer } from '@continuo/agent/internal/tasks/answers.js';
import type { Claim, ClaimedTask, Parking } from '@continuo/agent/internal/tasks/claimed-task.js';
import type { StoredTrace } from '@continuo/agent/internal/platform/tracing.js';
import type { Held } from '@continuo/agent/internal/tasks/fold.js';
import { instanceRows } from '../runs/views.js';
import type { Database } from '../platform/database.js';
import { tell } from './channel.js';
import { logPlace } from './new-pages.js';
import { versionToRun } from './version-to-run.js';

interface Row {
  id: string;
  tenant: string;
  owner: string;
  agent: string;
  agent_version: string | null;
  context_id: string;
  session_id: string | null;
  parent_id: string | null;
  root_id: string | null;
  message: Message;
  metadata: Record<string, unknown> | null;
  answers: Answer[];
  attempt: number;
  origin: number;
  run_count: number;
  progress: number | null;
  stage: string | null;
  held: Held | null;
  first: boolean;
  /** Whether a run that has not let go of it had it before. */
  taken_over: boolean;
  /** Seconds from when it might run. */
  waited: number;
  trace: StoredTrace | null;
  lost: boolean;
  ran: string | null;
}

/** A task that a run has, and what its beginning was. */
export interface Claimed {
  readonly task: ClaimedTask;
  readonly cause: 'first' | 'resumed' | 'takeover';
  /** Of a first run: how long the task was queued. */
  readonly waitedSeconds: number;
}

export const claimStatement = `
WITH claimed AS (
  UPDATE tasks t
  SET run_token = c.token, run_instance = c.instance_id, run_seq = 0,
      -- Neither a run that got further nor one that its instance handed over in order was started in vain.
      run_count = CASE WHEN p.reached > t.run_reached THEN 1 WHEN p.handed_over THEN greatest(t.run_count, 1)
                       ELSE t.run_count + 1 END,
      run_reached = p.reached,
      agent_version = coalesce(p.version, t.agent_version), agent_rank = coalesce(p.rank, t.agent_rank),
      reviving_at = NULL, reviving_by = NULL, wakes_at = NULL, trace = t.trace || jsonb_build_object('run', c.token),
      earlier_runs = t.earlier_runs + CASE WHEN t.run_instance IS NULL THEN 0 ELSE 1 END,
      run_began_at = c.at::timestamptz, run_ended_at = NULL, run_end = NULL,
      state = 'WORKING',
      status_at = CASE t.state WHEN 'SUBMITTED' THEN c.at::timestamptz ELSE t.status_at END,
      last_seq = CASE t.state WHEN 'SUBMITTED' THEN t.last_seq + 1 ELSE t.last_seq END,${logPlace('t')}
  FROM json_to_recordset($1) AS c(task_id uuid, token uuid, instance_id uuid, at text)
  JOIN ${instanceRows} i ON i.id = c.instance_id AND i.lost_at IS NULL
  JOIN LATERAL (
    SELECT b.state = 'SUBMITTED' AS first, task_reached(b.id) AS reached, b.agent_version AS ran, v.version, v.rank,
      b.run_token IS NOT NULL AS taken_over,
      b.trace, b.run_instance, b.run_began_at, b.run_ended_at, b.run_end,
      EXISTS (SELECT 1 FROM ${instanceRows} r WHERE r.id = b.run_instance AND r.left_at IS NOT NULL) AS handed_over
    FROM tasks b LEFT JOIN LATERAL (${versionToRun('b', 'c.instance_id')}) v ON true WHERE b.id = c.task_id) p ON true
  WHERE t.id = c.task_id AND t.state IN ('SUBMITTED', 'WORKING')
    AND (i.agents IS NULL OR p.version IS NOT NULL) AND t.agent_version IS NOT DISTINCT FROM p.ran
    AND (SELECT continuo_in_time($2))
    AND NOT c.instance_id = ANY (t.held_by)
    AND (t.run_token IS NULL OR t.run_instance = c.instance_id
         OR NOT EXISTS (SELECT 1 FROM ${instanceRows} r WHERE r.id = t.run_instance AND r.lost_at IS NULL))
    AND (t.blocked_by IS NULL OR NOT EXISTS (
      SELECT 1 FROM tasks b WHERE b.id = t.blocked_by
        AND b.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')))
  RETURNING t.*, c.at AS claimed_at, p.first, p.taken_over, p.trace AS trace_before,
    p.taken_over AND p.run_instance IS DISTINCT FROM c.instance_id AND NOT p.handed_over AS lost, p.ran, p.run_instance AS ran_on, p.run_began_at AS ran_from,
    p.run_ended_at AS ran_until, p.run_end AS ran_out
),
-- The run before this one; what it didn't say of its end, its instance's says.
followed AS (
  INSERT INTO task_runs (task_id, number, attempt, instance, version, began_at, ended_at, ending)
  SELECT c.id, c.earlier_runs, c.attempt - CASE WHEN c.ran_out IN ('FAILED', 'CANCELED', 'retried') THEN 1 ELSE 0 END,
         c.ran_on, c.ran, c.ran_from, coalesce(c.ran_until, r.lost_at, r.left_at),
         coalesce(c.ran_out, CASE WHEN r.left_at IS NOT NULL THEN 'left' WHEN r.lost_at IS NOT NULL THEN 'lost' END)
  FROM claimed c LEFT JOIN ${instanceRows} r ON r.id = c.ran_on
  WHERE c.ran_on IS NOT NULL AND c.earlier_runs > 0
  ON CONFLICT (task_id, number) DO NOTHING
),
logged AS (
  INSERT INTO task_pages (task_id, first_seq, last_seq, xid, tenant, owner, session_id, created_at, keys, events)
  SELECT c.id, c.last_seq, c.last_seq, c.log_xid, c.tenant, c.owner, c.session_id, c.claimed_at::timestamptz, '{working}',
         json_build_array(json_build_object('taskId', c.id, 'contextId', c.context_id, 'status',
           json_build_object('state', 'TASK_STATE_WORKING', 'timestamp', c.claimed_at)))
  FROM claimed c WHERE c.first
)
SELECT c.id, c.tenant, c.owner, c.agent, c.agent_version, c.context_id, c.session_id, c.parent_id, c.root_id, c.metadata, c.answers,
       c.attempt, c.origin,
       c.run_count, c.progress, c.stage, c.held, c.first, c.taken_over, c.trace_before AS trace, c.lost, c.ran, e.message,
       extract(epoch FROM c.claimed_at::timestamptz - greatest(c.created_at, c.start_at))::float8 AS waited,
       ${tell('claimed')}
FROM claimed c JOIN task_pages e ON e.task_id = c.id AND e.message_seq = 1`;

/**
 * Claims each task for its token. Undefined for a task that is not to be run (ended, waiting, gone, behind another, or
 * in the hands of another instance that is alive, or of an agent that the instance lacks in a version for it, or held, where the instance's code
 * does not fit it), and for
 * every task when the instance has been declared lost: a process that was taken for dead starts nothing any more.
 */
export async function claimTasks(
  database: Database,
  claims: readonly Claim[],
): Promise<readonly (Claimed | undefined)[]> {
  const input = claims.map(({ taskId, token, instanceId, at }) => {
    return { task_id: taskId, token, instance_id: instanceId, at };
  });
  // In the order in which appends lock them.
  input.sort((a, b) => (a.task_id < b.task_id ? -1 : 1));
  const rows = await database.inTime<Row>('claim-tasks', claimStatement, [JSON.stringify(input)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return claims.map(({ taskId, token }) => {
    const row = byId.get(taskId);
    return row === undefined ? undefined : toClaimed(row, token);
  });
}

/** Says of a task that could not be claimed here that nobody is about to begin its run: who can is to take it at once. */
export async function giveBackTask(database: Database, taskId: string): Promise<void> {
  await database.query('UPDATE tasks SET reviving_at = NULL, reviving_by = NULL WHERE id = $1 AND run_token IS NULL', [
    taskId,
  ]);
}

/** Puts the task into nobody's hands, if it is in those of the run with `token`. */
export async function releaseTask(database: Database, taskId: string, token: string): Promise<void> {
  await database.query(
    `UPDATE tasks SET run_token = NULL, run_end = coalesce(run_end, 'released'), run_ended_at = coalesce(run_ended_at, now())
     WHERE id = $1 AND run_token = $2`,
    [taskId, token],
  );
}

/** `missed`: what it waits for is there; `lost`: the task isn't that run's, or has ended. */
export type Parked = 'parked' | 'missed' | 'lost';

/**
 * Puts the task of the run with `token` into nobody's hands until what it waits for is there. A run that got so far was
 * not in vain. The end of a child waits for the lock, or is seen behind it.
 */
export function parkTask(
  database: Database,
  taskId: string,
  token: string,
  { wakesAt, children, known }: Parking,
): Promise<Parked> {
  return database.transaction(async (client) => {
    const owned = await client.query(
      "SELECT 1 FROM tasks WHERE id = $1 AND run_token = $2 AND state = 'WORKING' FOR UPDATE",
      [taskId, token],
    );
    if (owned.length === 0) return 'lost';
    const rows = await client.query(
      `UPDATE tasks SET run_token = NULL, run_count = 0, wakes_at = coalesce($2::timestamptz, 'infinity'),
         run_end = 'waits', run_ended_at = now()
       WHERE id = $1 AND ($3::int IS NULL OR inbox_count <= $3)
         AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.id = ANY ($4::uuid[]) AND c.state NOT IN ('SUBMITTED', 'WORKING'))
       RETURNING id`,
      [taskId, wakesAt?.toISOString() ?? null, known ?? null, children],
    );
    return rows.length > 0 ? 'parked' : 'missed';
  });
}

function toClaimed(row: Row, token: string): Claimed {
  const later = row.taken_over ? 'takeover' : 'resumed';
  return {
    task: toClaimedTask(row, token),
    cause: row.first ? 'first' : later,
    waitedSeconds: Math.max(0, row.waited),
  };
}

function toClaimedTask(row: Row, token: string): ClaimedTask {
  return {
    id: row.id,
    token,
    tenant: row.tenant,
    owner: row.owner,
    agent: row.agent,
    agentVersion: row.agent_version,
    ...(row.ran === null || row.ran === row.agent_version ? {} : { ranWith: row.ran }),
    contextId: row.context_id,
    sessionId: row.session_id,
    parentId: row.parent_id,
    rootId: row.root_id,
    message: row.message,
    metadata: row.metadata ?? {},
    answers: row.answers,
    attempt: row.attempt,
    origin: row.origin,
    runCount: row.run_count,
    progress: row.progress,
    stage: row.stage,
    held: row.held,
    isNew: row.first,
    ...(row.trace === null ? {} : { trace: { ...row.trace, lost: row.lost } }),
  };
}
