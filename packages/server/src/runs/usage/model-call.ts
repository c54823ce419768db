/** One call of a language model as it is recorded: with the step in which it was made, in the same statement. */
import type { UsageFigures } from '../../tasks/usage.js';

/** A row of `model_calls`. */
export interface ModelCall {
  readonly task_id: string;
  readonly id: string;
  readonly root_id: string;
  readonly context_id: string | null;
  readonly tenant: string;
  readonly owner: string;
  readonly agent: string;
  readonly model: string;
  readonly at: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_nanos: number | null;
}

const counts = `input_tokens, output_tokens, total_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens,
  cost_nanos`;
const targets = `task_id, id, root_id, context_id, tenant, owner, agent, model, at, ${counts}`;
const columns = `task_id uuid, id uuid, root_id uuid, context_id text, tenant text, owner text, agent text, model text,
  at timestamptz, input_tokens bigint, output_tokens bigint, total_tokens bigint, cached_input_tokens bigint,
  cache_write_tokens bigint, reasoning_tokens bigint, cost_nanos bigint`;

/** Common table expression: records the calls in `spent`, JSON, of the rows of `entry`; once, however often it is asked for. */
export const recordingCalls = `spent AS (
  INSERT INTO model_calls (${targets})
  SELECT s.* FROM entry e CROSS JOIN LATERAL json_to_recordset(e.spent) AS s(${columns}) WHERE e.spent IS NOT NULL
  ON CONFLICT (task_id, id) DO NOTHING
)`;

/** Adds calls up; `many`: for rows that stand for several calls, with `calls` and `unpriced_calls`. */
export function figuresOf(many: boolean): string {
  const sum = (column: string, name: string): string => `coalesce(sum(${column}), 0)::float8 AS "${name}"`;
  return [
    many ? sum('calls', 'calls') : 'count(*) AS calls',
    sum('input_tokens', 'inputTokens'),
    sum('output_tokens', 'outputTokens'),
    sum('total_tokens', 'totalTokens'),
    sum('cached_input_tokens', 'cachedInputTokens'),
    sum('cache_write_tokens', 'cacheWriteTokens'),
    sum('reasoning_tokens', 'reasoningTokens'),
    sum('cost_nanos', 'costNanos'),
    many ? sum('unpriced_calls', 'unpricedCalls') : 'count(*) FILTER (WHERE cost_nanos IS NULL) AS "unpricedCalls"',
  ].join(', ');
}

/** What calls that were not read from the database add up to. */
export function addedUp(calls: readonly ModelCall[]): UsageFigures {
  const sum = (of: (call: ModelCall) => number): number => calls.reduce((total, call) => total + of(call), 0);
  return {
    calls: calls.length,
    inputTokens: sum((call) => call.input_tokens),
    outputTokens: sum((call) => call.output_tokens),
    totalTokens: sum((call) => call.total_tokens),
    cachedInputTokens: sum((call) => call.cached_input_tokens),
    cacheWriteTokens: sum((call) => call.cache_write_tokens),
    reasoningTokens: sum((call) => call.reasoning_tokens),
    costNanos: sum((call) => call.cost_nanos ?? 0),
    unpricedCalls: calls.filter((call) => call.cost_nanos === null).length,
  };
}
