/** Reads tasks with what belongs to them: the history, and the artifacts put together from the log. */
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { foldArtifacts, shownProgress, type Held } from '@continuo/agent/internal/tasks/fold.js';
import { toWireState, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import {
  ERROR_EXTENSION,
  HELD_EXTENSION,
  PROGRESS_EXTENSION,
  type Artifact,
  type Task,
  type TaskArtifactUpdate,
  type TaskFailure,
} from '@continuo/agent/internal/tasks/task.js';
import { toUsage, USAGE_EXTENSION, type UsageFigures } from '@continuo/agent/internal/tasks/usage.js';
import { usageOf } from '../runs/views.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { presentChunks, presentSizes } from './present-content.js';

/** How much of a task is read: `historyLength` undefined means all of it, 0 none. */
export interface TaskView {
  readonly historyLength?: number | undefined;
  readonly artifacts: boolean;
  /** Bytes of content that its reader takes, where that is less than an answer may carry. */
  readonly mostBytes?: number | undefined;
}

/** Of what its state alone matters. */
export const bare: TaskView = { historyLength: 0, artifacts: false };

export interface TaskQuery extends TaskView {
  readonly caller: Caller;
  readonly id: string;
}

/** A task and where its log stood when it was read. */
export interface TaskAt {
  readonly task: Task;
  readonly agent: string;
  /** With which it ran last; null for a task that has not run. */
  readonly agentVersion: string | null;
  readonly state: TaskState;
  readonly lastSeq: number;
  readonly attempt: number;
  /** How far it is, 0 to 1. */
  readonly fraction: number;
  /** Why it is held; null when it isn't. */
  readonly held: Held | null;
  /** Why it failed; null when it didn't. */
  readonly failure: TaskFailure | null;
}

export interface TaskRow {
  id: string;
  agent: string;
  agent_version: string | null;
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
  held: Held | null;
  last_seq: number;
  attempt: number;
  /** Of language models; null for a task that has asked none. */
  usage: UsageFigures | null;
  history: Message[] | null;
  chunks: TaskArtifactUpdate[] | null;
  /** Artifacts that aren't in `chunks`: their content is elsewhere, or they are put together already. */
  elsewhere?: readonly Artifact[];
  /** What it says is not in this row: it has so many `bytes`. */
  left_out?: boolean;
  bytes?: number;
}

/** Bytes of one task that come with others in one statement; a larger one is read by itself. */
const SMALL_BYTES = 256 * 1024;

export const taskColumns = `t.id, t.agent, t.agent_version, t.context_id, t.title, t.parent_id, t.root_id, t.state, t.status_at,
  t.created_at, t.progress, t.last_seq, t.attempt, t.held, ${usageOf('t.id')} AS usage`;

/** Joins of a task `t`: how many bytes there are of what is asked for, by the SQL expressions in the arguments. */
export function sizeJoins(historyLength: string, artifacts: string): string {
  return `
CROSS JOIN LATERAL (
  SELECT coalesce(sum(bytes), 0) AS bytes FROM (
    SELECT p.message_bytes AS bytes FROM task_pages p WHERE p.task_id = t.id AND p.message_seq IS NOT NULL
    ORDER BY p.message_seq DESC LIMIT ${historyLength}) h) history
CROSS JOIN LATERAL (
  SELECT coalesce(sum(bytes), 0) AS bytes FROM ${presentSizes('t.id')} WHERE ${artifacts}) content
CROSS JOIN LATERAL (
  SELECT (t.status_bytes + t.metadata_bytes + history.bytes + content.bytes) AS bytes) size`;
}

/** What a task says, where that is no more than `most` bytes; else `left_out` is true and the rest is null. */
export function detailColumns(historyLength: string, artifacts: string, most: string): string {
  const fits = `size.bytes <= ${most}`;
  return `
  NOT (${fits}) AS left_out, size.bytes,
  CASE WHEN ${fits} THEN t.status_message END AS status_message, CASE WHEN ${fits} THEN t.stage END AS stage,
  CASE WHEN ${fits} THEN t.metadata END AS metadata, CASE WHEN ${fits} THEN t.error END AS error,
  CASE WHEN ${fits} AND ${historyLength} > 0 THEN (
    SELECT json_agg(h.message ORDER BY h.message_seq) FROM (
      SELECT p.message_seq, p.message FROM task_pages p WHERE p.task_id = t.id AND p.message_seq IS NOT NULL
      ORDER BY p.message_seq DESC LIMIT ${historyLength}) h) END AS history,
  CASE WHEN ${fits} AND ${artifacts} THEN (
    SELECT json_agg(e.payload ORDER BY e.seq)
    FROM ${presentChunks}
    WHERE p.task_id = t.id AND p.artifacts IS NOT NULL
      AND p.last_seq >= (SELECT min(first_seq) FROM artifacts WHERE task_id = t.id)) END AS chunks`;
}

const sql = `
SELECT q.pos, ${taskColumns}, ${detailColumns('q.history', 'q.artifacts', String(SMALL_BYTES))}
FROM json_to_recordset($1) AS q(pos int, id uuid, tenant text, owner text, history int, artifacts boolean)
JOIN tasks t ON t.id = q.id AND t.tenant = q.tenant AND t.owner = q.owner
${sizeJoins('q.history', 'q.artifacts')}`;

/** Undefined for a task that doesn't exist or isn't the caller's; a row without what it says for one that is large. */
export async function readTasks(
  database: Database,
  queries: readonly TaskQuery[],
): Promise<readonly (TaskRow | undefined)[]> {
  const input = queries.map(({ id, caller, historyLength, artifacts }, pos) => {
    return { pos, id, tenant: caller.tenant, owner: caller.owner, history: historyLength ?? MOST_INT, artifacts };
  });
  const rows = await database.prepared<TaskRow & { pos: number }>('read-tasks', sql, [JSON.stringify(input)]);
  const byPos = new Map(rows.map((row) => [row.pos, row]));
  return queries.map((_, pos) => byPos.get(pos));
}

export function toTaskAt(row: TaskRow, view: TaskView): TaskAt {
  const history = row.history ?? [];
  return {
    agent: row.agent,
    agentVersion: row.agent_version,
    state: row.state,
    lastSeq: row.last_seq,
    attempt: row.attempt,
    fraction: row.progress ?? 0,
    held: row.held,
    failure: row.error,
    task: {
      id: row.id,
      contextId: row.context_id,
      status: {
        state: toWireState(row.state),
        ...(row.status_message === null ? {} : { message: row.status_message }),
        timestamp: row.status_at.toISOString(),
      },
      ...(view.artifacts ? { artifacts: [...foldArtifacts(row.chunks ?? []), ...(row.elsewhere ?? [])] } : {}),
      ...(history.length === 0 ? {} : { history }),
      metadata: metadataOf(row),
    },
  };
}

function metadataOf(row: TaskRow): Readonly<Record<string, unknown>> {
  const progress = {
    createdAt: row.created_at.toISOString(),
    ...shownProgress({
      state: toWireState(row.state),
      fraction: row.progress ?? undefined,
      stage: row.stage ?? undefined,
      held: row.held ?? undefined,
    }),
    ...(row.parent_id === null ? {} : { parentTaskId: row.parent_id }),
    ...(row.root_id === null ? {} : { rootTaskId: row.root_id }),
    ...(row.title === '' ? {} : { title: row.title }),
    ...(row.attempt === 1 ? {} : { attempt: row.attempt }),
  };
  // What the caller has said may not stand in for it.
  return Object.assign({}, row.metadata, {
    agent: row.agent,
    ...(row.agent_version === null ? {} : { agentVersion: row.agent_version }),
    [PROGRESS_EXTENSION]: progress,
    ...(row.held === null ? {} : { [HELD_EXTENSION]: row.held }),
    ...(row.error === null ? {} : { [ERROR_EXTENSION]: shownFailure(row.error) }),
    ...(row.usage === null ? {} : { [USAGE_EXTENSION]: toUsage(row.usage) }),
  });
}

function shownFailure({ name, message, step, childTaskId, question, causes }: TaskFailure): TaskFailure {
  return {
    name,
    message,
    ...(step === undefined ? {} : { step }),
    ...(childTaskId === undefined ? {} : { childTaskId }),
    ...(question === undefined ? {} : { question }),
    causes,
  };
}
