/** What a call of a model took that broke off: as far as its provider said so on the way, and an estimate of the rest. */
import { isObject } from '../../platform/json-object.js';
import type { TokenUsage } from '../spending.js';
import { tokensOfQuestion, type Sent } from './prompt-room.js';
import { tokensIn } from './tokens.js';

/** Follows one call, from its first sign of life on. */
export class CallUnderWay {
  #said = '';
  #hasBegun = false;
  #reported: TokenUsage = {};

  /** Words, thoughts or arguments have come. */
  came(text: string): void {
    this.#hasBegun = true;
    this.#said += text;
  }

  /** Something has come, as the provider wrote it. */
  arrived(raw: unknown): void {
    this.#hasBegun = true;
    this.#reported = { ...this.#reported, ...reportedIn(raw) };
  }

  /** Undefined when nothing had come: then nobody knows whether the model was at work. */
  took(sent: Sent): TokenUsage | undefined {
    if (!this.#hasBegun) return undefined;
    const { inputTokens = tokensOfQuestion(sent), outputTokens = 0, ...details } = this.#reported;
    const output = Math.max(outputTokens, tokensIn(this.#said));
    return { ...details, inputTokens, outputTokens: output, totalTokens: inputTokens + output, estimated: true };
  }
}

/** Anthropic's models say at the beginning what the prompt takes, Google's with each piece what there was so far. */
function reportedIn(raw: unknown): TokenUsage {
  if (!isObject(raw)) return {};
  const { message, usageMetadata } = raw;
  if (isObject(usageMetadata)) {
    const thoughts = count(usageMetadata['thoughtsTokenCount']);
    const words = count(usageMetadata['candidatesTokenCount']);
    const outputTokens = thoughts === undefined && words === undefined ? undefined : (thoughts ?? 0) + (words ?? 0);
    return known({
      inputTokens: count(usageMetadata['promptTokenCount']),
      cachedInputTokens: some(usageMetadata['cachedContentTokenCount']),
      outputTokens,
      reasoningTokens: some(thoughts),
    });
  }
  const usage = isObject(message) ? message['usage'] : undefined;
  if (!isObject(usage)) return {};
  const [fresh, cached, kept] = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'].map((name) =>
    count(usage[name]),
  );
  const inputTokens = fresh === undefined ? undefined : fresh + (cached ?? 0) + (kept ?? 0);
  return known({ inputTokens, cachedInputTokens: some(cached), cacheWriteTokens: some(kept) });
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Details are told only of what is there. */
function some(value: unknown): number | undefined {
  return count(value) || undefined;
}

function known(counts: Readonly<Record<string, number | undefined>>): TokenUsage {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
}
