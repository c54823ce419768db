/** How calls of language models are recorded and added up in SQL. */
import type { ModelCall } from '@continuo/agent/internal/runs/usage/model-call.js';
import type { Queryable } from '../../platform/database.js';
import { lockedTask } from '../../tasks/views.js';

/** The columns of tokens, of single calls and of days. */
export const tokenColumns = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
] as const;

const counts = [...tokenColumns, 'cost_nanos'];
const targets = `task_id, id, root_id, context_id, tenant, owner, agent, model, at, estimated, step,
  started_at, finish_reason, prompt, ${counts.join(', ')}`;
const columns = `task_id uuid, id uuid, root_id uuid, context_id text, tenant text, owner text, agent text, model text,
  at timestamptz, estimated boolean, step uuid, started_at timestamptz, finish_reason text, prompt text,
  ${counts.map((column) => `${column} bigint`).join(', ')}`;

/** Common table expression: records the calls in `spent`, JSON, of the rows of `entry`; once, however often it is asked for. */
export const recordingCalls = `spent AS (
  INSERT INTO model_calls (${targets})
  SELECT s.* FROM entry e CROSS JOIN LATERAL json_to_recordset(e.spent) AS s(${columns}) WHERE e.spent IS NOT NULL
  ON CONFLICT (task_id, id) DO NOTHING
)`;

/** Records calls of one task beside all steps, as long as there is the task; those that are recorded already are left. */
const recordSql = `
WITH task AS MATERIALIZED ${lockedTask('$1::uuid')}
INSERT INTO model_calls (${targets})
SELECT s.* FROM task CROSS JOIN json_to_recordset($2) AS s(${columns})
ON CONFLICT (task_id, id) DO NOTHING`;

/** For calls of a run that has ended: what broke off with it is in no step. */
export async function recordCalls(database: Queryable, calls: readonly ModelCall[]): Promise<void> {
  const [first] = calls;
  if (first !== undefined) await database.query(recordSql, [first.task_id, JSON.stringify(calls)]);
}

/** Adds up rows that stand for several calls each, with `calls`, `unpriced_calls` and `estimated_calls`. */
export const figures = [
  ['calls', 'calls'],
  ['input_tokens', 'inputTokens'],
  ['output_tokens', 'outputTokens'],
  ['total_tokens', 'totalTokens'],
  ['cached_input_tokens', 'cachedInputTokens'],
  ['cache_write_tokens', 'cacheWriteTokens'],
  ['reasoning_tokens', 'reasoningTokens'],
  ['cost_nanos', 'costNanos'],
  ['unpriced_calls', 'unpricedCalls'],
  ['estimated_calls', 'estimatedCalls'],
]
  .map(([column, name]) => `coalesce(sum(${column}), 0)::float8 AS "${name}"`)
  .join(', ');
