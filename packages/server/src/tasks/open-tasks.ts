/** Accepts tasks: the task, its first events, its session and the user's message, all in one statement or not at all. */
import { instanceRows } from '../runs/views.js';
import { insertMessages, messageColumns, openSessions, type MessageRow } from '../sessions/append-messages.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { TerminalError } from '../platform/errors.js';
import { versionOrder } from '../platform/version-order.js';
import type { Message } from '../sessions/message.js';
import { EVENTS_CHANNEL } from './channel.js';

/** A run that begins with its task. */
export interface FirstRun {
  readonly token: string;
  readonly instanceId: string;
  /** With which version of the agent. */
  readonly agentVersion?: string;
}

export interface NewTask {
  readonly id: string;
  readonly caller: Caller;
  readonly agent: string;
  readonly contextId: string;
  /** Null: the task runs stateless, no session is opened or written to. */
  readonly sessionId: string | null;
  /** With contextId and taskId set. */
  readonly message: Message;
  readonly title: string;
  readonly parentId: string | null;
  readonly rootId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly startAt?: Date | undefined;
  readonly priority?: number | undefined;
  /** The run that begins at once; null: the task waits until one claims it. */
  readonly run: FirstRun | null;
  /** The run of the parent that opens it: when that has lost its task, or ended it, nothing is opened. */
  readonly parentToken?: string;
  /** The task that has to end before this one may run. */
  readonly blockedBy?: string | null;
  /** The row of `message` in its session. */
  readonly sessionMessage: MessageRow | null;
}

const sql = `
WITH item AS (
  SELECT * FROM json_to_recordset($1) AS i(pos int, id uuid, tenant text, owner text, agent text, context_id text,
    session_id uuid, message_id text, message json, payload json, title text, parent_id uuid, root_id uuid,
    metadata json, at timestamptz, token uuid, instance_id uuid, working json, start_at timestamptz, priority int,
    blocked_by uuid, parent_token uuid, agent_version text, agent_rank text)
  WHERE (SELECT continuo_in_time($5))
),
-- Locked: either the end of a parent finds what is opened here, or what is opened here finds the parent ended.
parent AS (
  SELECT p.id, p.depth, p.run_token, p.state, coalesce(p.root_id, p.id) AS root_id FROM tasks p
  WHERE p.id IN (SELECT i.parent_id FROM item i WHERE i.parent_token IS NOT NULL) ORDER BY p.id FOR SHARE
),
child AS (
  SELECT i.pos, i.id, p.root_id, p.depth + 1 AS depth, p.depth >= $3 AND $3 > 0 AS too_deep
  FROM item i JOIN parent p ON p.id = i.parent_id AND p.run_token = i.parent_token
  WHERE p.state IN ('SUBMITTED', 'WORKING')
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.tenant = i.tenant AND t.owner = i.owner
                      AND t.context_id = i.context_id AND t.message_id = i.message_id)
),
fresh AS (
  SELECT c.*, row_number() OVER (PARTITION BY c.root_id ORDER BY c.pos) AS nth FROM child c WHERE NOT c.too_deep
),
tree AS (
  INSERT INTO task_trees AS t (root_id, tasks, before)
  SELECT f.root_id, CASE WHEN $4 > 0 THEN least(1 + count(*), $4) ELSE 1 + count(*) END, 1
  FROM fresh f GROUP BY f.root_id ORDER BY f.root_id
  ON CONFLICT (root_id) DO UPDATE SET
    tasks = CASE WHEN $4 > 0 THEN greatest(t.tasks, least(t.tasks + EXCLUDED.tasks - 1, $4))
                 ELSE t.tasks + EXCLUDED.tasks - 1 END,
    before = t.tasks
  RETURNING root_id, before
),
joining AS (
  SELECT f.id, f.depth, $4 > 0 AND t.before + f.nth > $4 AS too_many FROM fresh f JOIN tree t ON t.root_id = f.root_id
),
opened AS (
  INSERT INTO tasks (id, tenant, owner, agent, context_id, session_id, message_id, title, parent_id, root_id, state,
                     status_at, metadata, last_seq, created_at, run_token, run_instance, run_count, start_at,
                     priority, blocked_by, depth, agent_version, agent_rank)
  SELECT i.id, tenant, owner, agent, context_id, session_id, message_id, title, parent_id, root_id,
         CASE WHEN r.id IS NULL THEN 'SUBMITTED' ELSE 'WORKING' END, at, metadata,
         CASE WHEN r.id IS NULL THEN 1 ELSE 2 END, at,
         CASE WHEN r.id IS NOT NULL THEN token END, r.id, CASE WHEN r.id IS NULL THEN 0 ELSE 1 END,
         start_at, priority, blocked_by, coalesce(j.depth, 0),
         CASE WHEN r.id IS NOT NULL THEN agent_version END, CASE WHEN r.id IS NOT NULL THEN agent_rank END
  FROM item i LEFT JOIN ${instanceRows} r ON r.id = i.instance_id AND r.lost_at IS NULL
      AND (i.start_at IS NULL OR i.start_at <= now())
    LEFT JOIN joining j ON j.id = i.id
  WHERE i.parent_token IS NULL OR NOT j.too_many
  ORDER BY pos
  ON CONFLICT DO NOTHING
  RETURNING id, tenant, owner, session_id, last_seq, start_at > now() AS later
),
noted AS (
  INSERT INTO task_commits (tenant, owner, session_id, task_id, first_seq, last_seq)
  SELECT tenant, owner, session_id, id, 1, last_seq FROM opened
),
logged AS (
  INSERT INTO task_events (task_id, seq, key, kind, payload, message, created_at)
  SELECT i.id, 1, 'task', 'task', i.payload, i.message, i.at FROM opened o JOIN item i ON i.id = o.id
  UNION ALL
  SELECT i.id, 2, 'working', 'statusUpdate', i.working, NULL, i.at FROM opened o JOIN item i ON i.id = o.id
  WHERE o.last_seq = 2
),
numbered AS (
  SELECT o.session_id, row_number() OVER (PARTITION BY o.session_id ORDER BY m.message_id, m.task_id) AS n, m.*
  FROM opened o JOIN json_to_recordset($2) AS m(${messageColumns}) ON m.task_id = o.id
  WHERE o.session_id IS NOT NULL
),
counted AS (
  SELECT i.session_id, (SELECT count(*) FROM numbered n WHERE n.session_id = i.session_id) AS n, min(i.tenant) AS tenant, min(i.owner) AS owner, min(i.context_id) AS context_id,
         (array_agg(i.title ORDER BY i.pos))[1] AS title, max(i.at) AS at
  FROM item i JOIN opened o ON o.id = i.id
  WHERE i.session_id IS NOT NULL GROUP BY i.session_id
),
${openSessions},
${insertMessages}
SELECT o.id, CASE WHEN o.last_seq = 2 THEN 'running' WHEN o.later THEN 'later' ELSE 'waiting' END AS became,
       (SELECT pg_notify('${EVENTS_CHANNEL}', string_agg(id::text, ',')) FROM opened) FROM opened o
UNION ALL SELECT c.id, 'too-deep', NULL FROM child c WHERE c.too_deep
UNION ALL SELECT j.id, 'too-many', NULL FROM joining j WHERE j.too_many`;

/** What became of a new task: its run has begun, or has to be begun, now or at its time; or it was there already. */
export type Opened = 'running' | 'waiting' | 'later' | 'known';

/** How far tasks may call others; 0 in either place: any number. */
export interface TreeLimits {
  /** Calls between a root and the deepest of its descendants. */
  readonly depth: number;
  /** Tasks of one root, itself included. */
  readonly tasks: number;
}

export const NO_TREE_LIMITS: TreeLimits = { depth: 0, tasks: 0 };

/**
 * A known task is there already: the same id, or the same messageId in the same context of the same owner; or the run of
 * its parent is over. A child that would go beyond `limits` gets a TerminalError instead, which names the limit.
 */
export async function openTasks(
  database: Pick<Database, 'inTime'>,
  tasks: readonly NewTask[],
  limits = NO_TREE_LIMITS,
): Promise<readonly (Opened | TerminalError)[]> {
  const messages = tasks.map((task) => task.sessionMessage).filter((row) => row !== null);
  const rows = await database.inTime<{ id: string; became: Opened | 'too-deep' | 'too-many' }>('open-tasks', sql, [
    JSON.stringify(tasks.map(toItem)),
    JSON.stringify(messages),
    limits.depth,
    limits.tasks,
  ]);
  const became = new Map(rows.map((row) => [row.id, row.became]));
  return tasks.map(({ id, agent }) => {
    const opened = became.get(id) ?? 'known';
    if (opened === 'too-deep') return tooDeep(agent, limits);
    return opened === 'too-many' ? tooMany(agent, limits) : opened;
  });
}

function tooDeep(agent: string, { depth }: TreeLimits): TerminalError {
  return new TerminalError(
    `${agent} was not called: calls may be ${depth} deep below the task that a user began (CONTINUO_LIMIT_CALL_DEPTH).`,
  );
}

function tooMany(agent: string, { tasks }: TreeLimits): TerminalError {
  return new TerminalError(
    `${agent} was not called: the task that a user began may grow to ${tasks} tasks with all that it calls (CONTINUO_LIMIT_TREE_TASKS).`,
  );
}

function versionOf(run: NewTask['run']): Readonly<Record<string, unknown>> {
  if (run?.agentVersion === undefined) return {};
  return { agent_version: run.agentVersion, agent_rank: versionOrder(run.agentVersion) };
}

function toItem(task: NewTask, pos: number): Readonly<Record<string, unknown>> {
  const { id, contextId, at, metadata } = task;
  return {
    pos,
    id,
    tenant: task.caller.tenant,
    owner: task.caller.owner,
    agent: task.agent,
    context_id: contextId,
    session_id: task.sessionId,
    message_id: task.message.messageId,
    message: task.message,
    payload: {
      id,
      contextId,
      status: { state: 'TASK_STATE_SUBMITTED', timestamp: at },
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    },
    title: task.title,
    parent_id: task.parentId,
    root_id: task.rootId,
    metadata,
    at,
    token: task.run?.token ?? null,
    instance_id: task.run?.instanceId ?? null,
    ...versionOf(task.run),
    blocked_by: task.blockedBy ?? null,
    parent_token: task.parentToken ?? null,
    start_at: task.startAt ?? null,
    priority: task.priority ?? null,
    working: { taskId: id, contextId, status: { state: 'TASK_STATE_WORKING', timestamp: at } },
  };
}
