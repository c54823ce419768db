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
  readonly estimated: boolean;
  /** The key of the step in which it was made; null outside of every step. */
  readonly step: string | null;
  /** ISO 8601; null where that isn't known. */
  readonly started_at: string | null;
  readonly finish_reason: string | null;
  /** JSON, cut; null where prompts are not kept. */
  readonly prompt: string | null;
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
    estimatedCalls: calls.filter((call) => call.estimated).length,
  };
}
