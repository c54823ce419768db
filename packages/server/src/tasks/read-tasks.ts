/** Reads tasks with what belongs to them: the history, and the artifacts put together from the log. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import type { Message } from '../sessions/message.js';
import { foldArtifacts } from './fold-artifacts.js';
import { ERROR_EXTENSION, PROGRESS_EXTENSION, type Task, type TaskArtifactUpdate, type TaskFailure } from './task.js';
import { isTerminal, toWireState, type TaskState } from './task-state.js';

/** How much of a task is read: `historyLength` undefined means all of it, 0 none. */
export interface TaskView {
  readonly historyLength?: number | undefined;
  readonly artifacts: boolean;
}

export interface TaskQuery extends TaskView {
  readonly caller: Caller;
  readonly id: string;
}

/** A task and where its log stood when it was read. */
export interface TaskAt {
  readonly task: Task;
  readonly agent: string;
  readonly state: TaskState;
  readonly lastSeq: number;
  readonly attempt: number;
  /** How far it is, 0 to 1. */
  readonly fraction: number;
  /** Why it failed; null when it didn't. */
  readonly failure: TaskFailure | null;
}

export interface TaskRow {
  id: string;
  agent: string;
  context_id: string;
  title: string;
  parent_id: string | null;
  root_id: string | null;
  state: TaskState;
  status_message: Message | null;
  status_at: Date;
  created_at: Date;
  progress: number | null;
  stage: string | null;
  metadata: Record<string, unknown> | null;
  error: TaskFailure | null;
  last_seq: number;
  attempt: number;
  history: Message[] | null;
  chunks: TaskArtifactUpdate[] | null;
}

const ALL = 2_147_483_647;

export const taskColumns = `t.id, t.agent, t.context_id, t.title, t.parent_id, t.root_id, t.state, t.status_message, t.status_at,
  t.created_at, t.progress, t.stage, t.metadata, t.error, t.last_seq, t.attempt`;

/** Columns `history` and `chunks`, each read only when the SQL expressions in the arguments ask for it. */
export function detailColumns(historyLength: string, artifacts: string): string {
  return `
  CASE WHEN ${historyLength} > 0 THEN (
    SELECT json_agg(h.message ORDER BY h.seq) FROM (
      SELECT e.seq, e.message FROM task_events e WHERE e.task_id = t.id AND e.message IS NOT NULL
      ORDER BY e.seq DESC LIMIT ${historyLength}) h) END AS history,
  CASE WHEN ${artifacts} THEN (
    SELECT json_agg(e.payload ORDER BY e.seq)
    FROM artifacts a JOIN task_events e ON e.task_id = a.task_id AND e.artifact_id = a.artifact_id
      AND e.seq BETWEEN a.first_seq AND a.last_seq
    WHERE a.task_id = t.id) END AS chunks`;
}

const sql = `
SELECT q.pos, ${taskColumns}, ${detailColumns('q.history', 'q.artifacts')}
FROM json_to_recordset($1) AS q(pos int, id uuid, tenant text, owner text, history int, artifacts boolean)
JOIN tasks t ON t.id = q.id AND t.tenant = q.tenant AND t.owner = q.owner`;

/** Undefined for a task that doesn't exist or isn't the caller's. */
export async function readTasks(
  database: Database,
  queries: readonly TaskQuery[],
): Promise<readonly (TaskAt | undefined)[]> {
  const input = queries.map(({ id, caller, historyLength, artifacts }, pos) => {
    return { pos, id, tenant: caller.tenant, owner: caller.owner, history: historyLength ?? ALL, artifacts };
  });
  const rows = await database.prepared<TaskRow & { pos: number }>('read-tasks', sql, [JSON.stringify(input)]);
  const byPos = new Map(rows.map((row) => [row.pos, row]));
  return queries.map((query, pos) => {
    const row = byPos.get(pos);
    return row === undefined ? undefined : toTaskAt(row, query);
  });
}

export function toTaskAt(row: TaskRow, view: TaskView): TaskAt {
  const history = row.history ?? [];
  return {
    agent: row.agent,
    state: row.state,
    lastSeq: row.last_seq,
    attempt: row.attempt,
    fraction: row.progress ?? 0,
    failure: row.error,
    task: {
      id: row.id,
      contextId: row.context_id,
      status: {
        state: toWireState(row.state),
        ...(row.status_message === null ? {} : { message: row.status_message }),
        timestamp: row.status_at.toISOString(),
      },
      ...(view.artifacts ? { artifacts: foldArtifacts(row.chunks ?? []) } : {}),
      ...(history.length === 0 ? {} : { history }),
      metadata: metadataOf(row),
    },
  };
}

function metadataOf(row: TaskRow): Readonly<Record<string, unknown>> {
  const progress = {
    fraction: row.state === 'COMPLETED' ? 1 : (row.progress ?? 0),
    stage: row.stage ?? (isTerminal(row.state) ? row.state.toLowerCase() : ''),
    ...(row.parent_id === null ? {} : { parentTaskId: row.parent_id }),
    ...(row.root_id === null ? {} : { rootTaskId: row.root_id }),
    createdAt: row.created_at.toISOString(),
    ...(row.title === '' ? {} : { title: row.title }),
    ...(row.attempt === 1 ? {} : { attempt: row.attempt }),
  };
  return {
    ...row.metadata,
    agent: row.agent,
    [PROGRESS_EXTENSION]: progress,
    ...(row.error === null ? {} : { [ERROR_EXTENSION]: shownFailure(row.error) }),
  };
}

function shownFailure({ name, message, step, childTaskId, causes }: TaskFailure): TaskFailure {
  return {
    name,
    message,
    ...(step === undefined ? {} : { step }),
    ...(childTaskId === undefined ? {} : { childTaskId }),
    causes,
  };
}
