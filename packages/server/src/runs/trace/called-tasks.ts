/** What the operations of one page of a trace lead to: calls of language models, children, and people's answers. */
import { isTerminal, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import { toUsage, type UsageFigures } from '@continuo/agent/internal/tasks/usage.js';
import type { Queryable } from '../../platform/database.js';
import { tracedTasks } from '../../tasks/views.js';
import { tokenColumns } from '../usage/recording-calls.js';
import { usageOf } from '../views.js';
import type { TracedChild } from './trace.js';

export interface ModelCallRow {
  readonly id: string;
  readonly step: string | null;
  readonly model: string;
  readonly at: Date;
  readonly started_at: Date | null;
  readonly finish_reason: string | null;
  /** Null for one that was not kept, and for one that there is no room for. */
  readonly prompt: string | null;
  readonly prompt_left_out: boolean;
  readonly figures: UsageFigures;
}

export interface AnswerRow {
  /** The key of the question. */
  readonly question: string;
  /** ISO 8601; null for what older versions stored. */
  readonly at: string | null;
  /** JSON, or a little more than `most` of it. */
  readonly parts: string | null;
  /** Bytes of it that are shown. */
  readonly most: number;
  readonly timed_out: boolean;
}

/** Bytes of all answers in one page. */
const MOST_ANSWERED = 2 * 1024 ** 2;
/** Calls beside all steps that a trace shows. */
const MOST_BESIDE = 500;

const camel = (column: string): string => column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const figures = `json_build_object('calls', 1, ${tokenColumns.map((column) => `'${camel(column)}', ${column}`).join(', ')},
  'costNanos', coalesce(cost_nanos, 0), 'unpricedCalls', (cost_nanos IS NULL)::int, 'estimatedCalls', estimated::int)`;
/** Of all prompts together `bytes` at most are read. */
const columns = (bytes: string): string => {
  const isLeftOut = `sum(octet_length(prompt)) OVER (ORDER BY at, id) > ${bytes}`;
  return `id, step, model, at, started_at, finish_reason, CASE WHEN ${isLeftOut} THEN NULL ELSE prompt END AS prompt,
  coalesce(prompt IS NOT NULL AND ${isLeftOut}, false) AS prompt_left_out, ${figures} AS figures`;
};

const inStepsSql = `
SELECT ${columns('$3')} FROM model_calls WHERE task_id = $1 AND step = ANY ($2::uuid[]) ORDER BY at, id`;

/** Made outside of every step, or in one that was never recorded. */
const besideSql = `
SELECT ${columns('$2')} FROM model_calls
WHERE task_id = $1 AND (step IS NULL OR step NOT IN (SELECT key FROM journal WHERE task_id = $1))
ORDER BY at, id LIMIT ${MOST_BESIDE}`;

const childrenSql = `
SELECT c.message_id AS key, c.id, c.agent, c.state, c.created_at, c.status_at, ${usageOf('c.id')} AS usage
FROM ${tracedTasks} c WHERE c.parent_id = $1 AND c.message_id = ANY ($2::text[])`;

const answersSql = `
SELECT a.answer->>'question' AS question, a.answer->>'at' AS at, a.answer ? 'timedOut' AS timed_out,
  left((a.answer->'parts')::text, $3::int + 1) AS parts
FROM ${tracedTasks} t, jsonb_array_elements(t.answers) AS a(answer)
WHERE t.id = $1 AND a.answer->>'question' = ANY ($2::text[])`;

/** Calls of models that were made in these steps, by their keys. */
export function readModelCalls(
  database: Queryable,
  taskId: string,
  steps: readonly string[],
  mostBytes: number,
): Promise<readonly ModelCallRow[]> {
  return steps.length === 0 ? Promise.resolve([]) : database.query(inStepsSql, [taskId, steps, mostBytes]);
}

/** Calls of models that belong to no step that is recorded. */
export function readModelCallsBeside(
  database: Queryable,
  taskId: string,
  mostBytes: number,
): Promise<readonly ModelCallRow[]> {
  return database.query(besideSql, [taskId, mostBytes]);
}

/** The children that these calls have opened, by the calls' keys. */
export async function readChildren(
  database: Queryable,
  taskId: string,
  calls: readonly string[],
): Promise<ReadonlyMap<string, TracedChild>> {
  if (calls.length === 0) return new Map();
  const rows = await database.query<{
    key: string;
    id: string;
    agent: string;
    state: TaskState;
    created_at: Date;
    status_at: Date;
    usage: UsageFigures | null;
  }>(childrenSql, [taskId, calls]);
  return new Map(
    rows.map(({ key, id, agent, state, created_at: createdAt, status_at: statusAt, usage }) => [
      key,
      {
        taskId: id,
        agent,
        state,
        createdAt: createdAt.toISOString(),
        endedAt: isTerminal(state) ? statusAt.toISOString() : null,
        usage: usage === null ? null : toUsage(usage),
        trace: null,
      },
    ]),
  );
}

/** The answers to these questions, by the questions' keys. */
export async function readAnswers(
  database: Queryable,
  taskId: string,
  questions: readonly string[],
): Promise<ReadonlyMap<string, AnswerRow>> {
  if (questions.length === 0) return new Map();
  const most = Math.max(64, Math.floor(MOST_ANSWERED / questions.length));
  const rows = await database.query<Omit<AnswerRow, 'most'> & Record<string, unknown>>(answersSql, [
    taskId,
    questions,
    most,
  ]);
  return new Map(rows.map((row) => [row.question, { ...row, most }]));
}
