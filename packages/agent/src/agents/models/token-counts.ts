/** Tokens as providers count them, without what can be none: servers that call themselves compatible count in odd ways. */
import type { TokenUsage } from '../spending.js';

/** No model takes as much in one call. */
const MOST_TOKENS = 1_000_000_000;

/** Whole numbers within what is possible: details are part of what they are details of, and the total is no less than its parts. */
export function countsIn(said: TokenUsage): TokenUsage {
  const inputTokens = count(said.inputTokens);
  const outputTokens = count(said.outputTokens);
  const parts = (inputTokens ?? 0) + (outputTokens ?? 0);
  const total = count(said.totalTokens);
  const counts = {
    inputTokens,
    outputTokens,
    totalTokens: total === undefined && said.totalTokens === undefined ? undefined : Math.max(total ?? 0, parts),
    cachedInputTokens: part(said.cachedInputTokens, inputTokens),
    cacheWriteTokens: part(said.cacheWriteTokens, inputTokens),
    reasoningTokens: part(said.reasoningTokens, outputTokens),
  };
  const known = Object.entries(counts).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), ...(said.estimated === true ? { estimated: true as const } : {}) };
}

/** Whether a call was counted at all: each takes something. */
export function isCounted({ inputTokens = 0, outputTokens = 0, totalTokens = 0 }: TokenUsage): boolean {
  return inputTokens + outputTokens + totalTokens > 0;
}

function count(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return value < 0 || value > MOST_TOKENS ? undefined : Math.ceil(value);
}

/** Details are told only of what is there. */
function part(value: unknown, whole = 0): number | undefined {
  return Math.min(count(value) ?? 0, whole) || undefined;
}
