/** One call of a language model: hands on its words as they come, answers with all of them and what they cost. */
import { streamText, type LanguageModelUsage, type ModelMessage } from 'ai';
import type { Clock } from '../../platform/clock.js';
import { TerminalError } from '../../platform/errors.js';
import { coalesce } from './coalesce.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { ModelUnavailableError, toModelError } from './model-errors.js';

export interface Question {
  readonly model: LanguageModel;
  readonly system: string;
  readonly messages: ModelMessage[];
  readonly signal: AbortSignal;
  /** Milliseconds that the whole answer may take. */
  readonly timeoutMs: number;
}

/** Tokens, as far as the provider counts them. */
export interface TokenUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
}

export interface ModelAnswer {
  readonly text: string;
  /** `stop`, or `length` when the model's limit cut the answer off. */
  readonly finishReason: string;
  readonly usage: TokenUsage;
}

/**
 * Calls `write` with pieces of the answer, in order, waiting for each. Throws TerminalError, ModelUnavailableError,
 * the signal's reason, or what `write` throws.
 */
export async function askModel(
  question: Question,
  clock: Pick<Clock, 'sleep'>,
  write: (text: string) => Promise<void>,
): Promise<ModelAnswer> {
  const stop = new AbortController();
  const end = { finishReason: 'error', usage: {} as TokenUsage };
  let text = '';
  try {
    for await (const piece of coalesce(deltas(question, stop.signal, end), clock)) {
      text += piece;
      await write(piece);
    }
  } finally {
    stop.abort();
  }
  return { text: refuseEmpty(text, end.finishReason, question.model), ...end };
}

async function* deltas(
  { model, system, messages, signal, timeoutMs }: Question,
  stop: AbortSignal,
  end: { finishReason: string; usage: TokenUsage },
): AsyncGenerator<string, void, undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const abortSignal = AbortSignal.any([signal, timeout, stop]);
  try {
    // Retrying is the step's; errors arrive in the stream, so nothing is to be logged here.
    const { fullStream } = streamText({
      model,
      system,
      messages,
      maxRetries: 0,
      abortSignal,
      onError: () => undefined,
    });
    for await (const part of fullStream) {
      if (part.type === 'text-delta') yield part.text;
      else if (part.type === 'error') throw part.error;
      else if (part.type === 'abort') abortSignal.throwIfAborted();
      else if (part.type === 'finish') {
        end.finishReason = part.finishReason;
        end.usage = toTokenUsage(part.totalUsage);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      throw new ModelUnavailableError(
        `The language model ${nameOfModel(model)} did not finish within ${timeoutMs} ms.`,
      );
    }
    throw toModelError(error, model);
  }
}

function refuseEmpty(text: string, finishReason: string, model: LanguageModel): string {
  if (text !== '' && finishReason !== 'error') return text;
  const name = `The language model ${nameOfModel(model)}`;
  if (finishReason === 'content-filter') throw new TerminalError(`${name} declined to answer this.`);
  if (finishReason === 'length')
    throw new TerminalError(`${name} reached its limit of tokens before it said anything.`);
  throw new ModelUnavailableError(`${name} gave no answer.`);
}

/** Without the counts that the provider doesn't give. */
function toTokenUsage({ inputTokens, outputTokens, totalTokens }: LanguageModelUsage): TokenUsage {
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(totalTokens === undefined ? {} : { totalTokens }),
  };
}
