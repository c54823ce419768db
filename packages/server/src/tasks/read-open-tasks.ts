/** Reads every task that has not ended, as a run that goes on with it would find it: for the check before a deploy. */
import { NIL_ID } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Answer } from '@continuo/agent/internal/tasks/answers.js';
import type { ClaimedTask } from '@continuo/agent/internal/tasks/claimed-task.js';
import type { OpenTask } from '@continuo/agent/internal/tasks/open-task.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { journalRows } from '../runs/views.js';
import type { Database, Queryable } from '../platform/database.js';

/** So many are listed at once. */
const PAGE = 1_000;
/** Bytes of a task beside what it holds, and of an entry of its journal. */
const ENVELOPE = 1_000;

export interface ListedTask {
  readonly id: string;
  /** About as many as its input, its answers and its journal have. */
  readonly bytes: number;
}

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly owner: string;
  readonly agent: string;
  readonly agent_version: string | null;
  readonly context_id: string;
  readonly session_id: string | null;
  readonly parent_id: string | null;
  readonly root_id: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly answers: readonly Answer[];
  readonly attempt: number;
  readonly origin: number;
  readonly progress: number | null;
  readonly stage: string | null;
  readonly held: ClaimedTask['held'];
  readonly state: TaskState;
  readonly asks: string | null;
  readonly message: Message;
}

const isOpen = `t.state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')`;

/** Oldest first; only those of `agents` (`type/name`), if there are some. */
export async function* listOpenTasks(
  database: Database,
  agents: readonly string[] | undefined,
): AsyncGenerator<ListedTask, void> {
  for (let after: string = NIL_ID; ;) {
    const page = await database.patient.query<ListedTask & Record<string, unknown>>(
      `SELECT t.id, (${ENVELOPE} + t.metadata_bytes + pg_column_size(t.answers)
         + coalesce((SELECT e.bytes FROM task_pages e WHERE e.task_id = t.id AND e.message_seq = 1), 0)
         + coalesce((SELECT sum(${ENVELOPE} + coalesce(octet_length(j.result), 0)) FROM ${journalRows} j
                     WHERE j.task_id = t.id AND j.origin = t.origin), 0))::float8 AS bytes
       FROM (SELECT * FROM tasks t WHERE ${isOpen} AND t.id > $1 AND ($2::text[] IS NULL OR t.agent = ANY ($2))
             ORDER BY t.id LIMIT ${PAGE}) t
       ORDER BY t.id`,
      [after, agents ?? null],
    );
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

/** Those of them that are still open. */
export async function readOpenTasks(database: Queryable, ids: readonly string[]): Promise<readonly OpenTask[]> {
  const rows = await database.query<Row & Record<string, unknown>>(
    `SELECT t.id, t.tenant, t.owner, t.agent, t.agent_version, t.context_id, t.session_id, t.parent_id, t.root_id,
       t.metadata, t.answers, t.attempt, t.origin, t.progress, t.stage, t.held, t.state, e.message,
       CASE WHEN t.state IN ('INPUT_REQUIRED', 'AUTH_REQUIRED') THEN t.status_message->>'messageId' END AS asks
     FROM tasks t JOIN task_pages e ON e.task_id = t.id AND e.message_seq = 1
     WHERE t.id = ANY ($1) AND ${isOpen} ORDER BY t.id`,
    [ids],
  );
  return rows.map(toOpenTask);
}

function toOpenTask(row: Row): OpenTask {
  const { id, tenant, owner, agent, attempt, origin, message, answers, progress, stage, held, state } = row;
  const claimed: ClaimedTask = {
    id,
    token: NIL_ID,
    tenant,
    owner,
    agent,
    agentVersion: row.agent_version,
    contextId: row.context_id,
    sessionId: row.session_id,
    parentId: row.parent_id,
    rootId: row.root_id,
    message,
    metadata: row.metadata ?? {},
    answers,
    attempt,
    origin,
    runCount: 1,
    progress,
    stage,
    held,
    isNew: false,
  };
  return { claimed, state, ranWith: row.agent_version, asks: row.asks ?? undefined };
}
