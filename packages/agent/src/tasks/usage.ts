/** Tokens and cost of calls of language models, as clients are told of them. */

/** In the metadata of a task whose agent has asked a language model: `Usage`, of the task alone, without what it called. */
export const USAGE_EXTENSION = 'urn:continuo:a2a:usage:v1';

/** What calls of language models took. */
export interface Usage {
  /** Calls of language models. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** Of the input, what the provider had from an earlier call. */
  readonly cachedInputTokens?: number;
  /** Of the input, what the provider keeps for later calls. */
  readonly cacheWriteTokens?: number;
  /** Of the output, what nobody is shown as the answer. */
  readonly reasoningTokens?: number;
  /** US dollars; without the calls of models that no price is known of, not there when that are all. */
  readonly cost?: number;
  /** Calls of models that no price is known of; only where there are some. */
  readonly unpricedCalls?: number;
  /** Calls that broke off before their provider said what they took: their tokens are estimated; only where there are some. */
  readonly estimatedCalls?: number;
}

/** The same as it is added up. */
export interface UsageFigures {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Billionths of a dollar. */
  readonly costNanos: number;
  readonly unpricedCalls: number;
  readonly estimatedCalls: number;
}

const NANOS = 1_000_000_000;

export function dollars(nanos: number): number {
  return nanos / NANOS;
}

export function toUsage(figures: UsageFigures): Usage {
  const { calls, inputTokens, outputTokens, totalTokens, costNanos, unpricedCalls } = figures;
  const { cachedInputTokens, cacheWriteTokens, reasoningTokens, estimatedCalls } = figures;
  const some = { cachedInputTokens, cacheWriteTokens, reasoningTokens, unpricedCalls, estimatedCalls };
  return {
    calls,
    inputTokens,
    outputTokens,
    totalTokens,
    ...(calls > 0 && unpricedCalls === calls ? {} : { cost: dollars(costNanos) }),
    ...Object.fromEntries(Object.entries(some).filter(([, count]) => count > 0)),
  };
}
