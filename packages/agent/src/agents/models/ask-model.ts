/** One call of a language model: hands on its words as they come, answers with all of them and what they cost. */
import type { LanguageModelUsage, ModelMessage, Output, ToolSet } from 'ai';
import type { Clock } from '../../platform/clock.js';
import { TerminalError } from '../../platform/errors.js';
import type { ModelOptions } from '../../platform/model-options.js';
import { wellFormedJson } from '../../platform/json-object.js';
import { isNothing, wellFormed } from '../../platform/text.js';
import type { TokenUsage } from '../spending.js';
import type { JsonSchema } from '../task-context.js';
import { isBridged } from './bridged-models.js';
import { CallUnderWay } from './broken-off.js';
import { offlineModel } from './offline-model.js';
import { coalesce } from './coalesce.js';
import { declinedIn, hasBrokenOff, withoutCutCall } from './ends-of-answers.js';
import { withReadableResults } from './files-in-results.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { legalPrompt, type Reader } from './legal-prompt.js';
import { ModelUnavailableError, toModelError } from './model-errors.js';
import { MOST_REASONING } from './reasoning.js';
import { digestOf, readsOf } from './readable-files.js';
import { schemaFor } from './schema-references.js';
import { mayAsk, noteSpent } from './spent.js';
import { countsIn, isCounted } from './token-counts.js';
import { offeredTo } from './tool-limits.js';
import { tracedCall, type AnsweredBy } from './traced-call.js';
import { withoutWarnings } from './without-warnings.js';

/** A tool as the model is told of it; whoever asked runs it. */
export interface ToolOffer {
  readonly description: string;
  /** Of an object. */
  readonly inputSchema: JsonSchema;
}

export interface Question {
  readonly model: LanguageModel;
  readonly system: string;
  readonly messages: ModelMessage[];
  /** Of more than its provider takes the first; see offeredTo. */
  readonly tools?: Readonly<Record<string, ToolOffer>>;
  /** What the whole answer must be, as JSON. The model is told; nothing is checked here. */
  readonly schema?: JsonSchema;
  /** What the provider is told beside; see providerOptionsFor. */
  readonly providerOptions?: ModelOptions;
  readonly signal: AbortSignal;
  /** Milliseconds that the whole answer may take. */
  readonly timeoutMs: number;
  /** Whether an answer of nothing is one. Default false: then it is as if the model had not answered. */
  readonly mayBeEmpty?: boolean;
  /** Files that the model has refused, by digest: they are named. */
  readonly refused?: ReadonlySet<string>;
}

/** The model wants a tool to be run. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote it: parsed JSON, or text when it is none. */
  readonly input: unknown;
  /** What is to become of a call that may not just run: a person is asked, or the client, or the model is told why not. */
  readonly ruling?: 'ask' | 'client' | { readonly refused: string };
}

export interface ModelAnswer {
  readonly text: string;
  /** What the model thought before, as far as its provider tells and as it is kept; never part of `text`. */
  readonly reasoning?: string;
  /** `provider/model id` of the one that answered, where several could. */
  readonly model?: string;
  /** `stop`, `tool-calls`, `length` when the model's limit cut the answer off, `content-filter` when its provider did. */
  readonly finishReason: string;
  readonly usage: TokenUsage;
  /** In the order in which the model wants them. */
  readonly calls: readonly ToolCall[];
  /** What the model said as its next prompt repeats it, before the results of its calls; empty without calls. */
  readonly turn: readonly ModelMessage[];
}

type Sdk = typeof import('ai');

interface End extends Omit<{ -readonly [Key in keyof ModelAnswer]: ModelAnswer[Key] }, 'text'> {
  /** Its provider has said what it took. */
  isCounted: boolean;
}

/**
 * Calls `write` with pieces of the answer, in order, waiting for each. What it took is noted, also of an answer that breaks
 * off. Throws TerminalError, ModelUnavailableError, the signal's reason, or what `write` throws.
 */
export async function askModel(
  question: Question,
  clock: Pick<Clock, 'sleep'>,
  write: (text: string) => Promise<void>,
): Promise<ModelAnswer> {
  const startedAt = await mayAsk();
  return tracedCall(question, (answeredBy) => ask(question, startedAt, clock, write, answeredBy));
}

async function ask(
  question: Question,
  startedAt: string | undefined,
  clock: Pick<Clock, 'sleep'>,
  write: (text: string) => Promise<void>,
  answeredBy: (by: AnsweredBy) => void,
): Promise<ModelAnswer> {
  const prompt = (): unknown => ({ system: question.system, messages: question.messages });
  const stop = new AbortController();
  const end: End = { finishReason: 'error', usage: {}, calls: [], turn: [], isCounted: false };
  const underWay = new CallUnderWay();
  let text = '';
  try {
    for await (const piece of coalesce(deltas(question, stop.signal, end, { underWay, answeredBy }), clock)) {
      text += piece;
      await write(piece);
    }
  } catch (error) {
    const usage = end.isCounted ? end.usage : underWay.took(question);
    if (usage !== undefined) noteSpent(question.model, usage, { startedAt, finishReason: end.finishReason, prompt });
    throw error;
  } finally {
    stop.abort();
  }
  // What nobody has counted is estimated, so that budgets hold.
  const took = isCounted(end.usage) ? end.usage : (underWay.took(question) ?? end.usage);
  noteSpent(question.model, took, { startedAt, finishReason: end.finishReason, prompt });
  refuseEmpty(text, end, question);
  const { isCounted: _, ...answer } = end;
  return { text, ...answer };
}

async function* deltas(
  question: Question,
  stop: AbortSignal,
  end: End,
  { underWay, answeredBy }: { readonly underWay: CallUnderWay; readonly answeredBy: (by: AnsweredBy) => void },
): AsyncGenerator<string, void, undefined> {
  const { model, system, messages, signal, timeoutMs, refused = new Set() } = question;
  const hasRefused = (base64: string): boolean => refused.size > 0 && refused.has(digestOf(base64));
  const timeout = AbortSignal.timeout(timeoutMs);
  const abortSignal = AbortSignal.any([signal, timeout, stop]);
  const written = new Map<string, string>();
  let hasDeclined = false;
  try {
    // Loaded when it is needed: a server that starts, and one without a model, does without it.
    const sdk = await import('ai');
    // Retrying is the step's; errors arrive in the stream, so nothing is to be logged here.
    const result = sdk.streamText({
      model: withoutWarnings(model),
      ...(isNothing(system) ? {} : { system: wellFormed(system) }),
      messages: legalPrompt(withReadableResults(model, messages, hasRefused), readerOf(question, hasRefused)),
      ...(question.tools === undefined ? {} : { tools: toToolSet(sdk, model, question.tools) }),
      ...(question.schema === undefined ? {} : { output: jsonOf(sdk, schemaFor(model, question.schema)) }),
      ...(question.providerOptions === undefined ? {} : { providerOptions: question.providerOptions }),
      maxRetries: 0,
      includeRawChunks: true,
      abortSignal,
      onError: () => undefined,
    });
    for await (const part of result.fullStream) {
      if (part.type === 'raw') {
        underWay.arrived(part.rawValue);
        const words = declinedIn(part.rawValue);
        if (words === undefined) continue;
        hasDeclined = true;
        underWay.came(words);
        yield words;
      } else if (part.type === 'tool-input-delta') {
        underWay.came(part.delta);
        written.set(part.id, (written.get(part.id) ?? '') + part.delta);
      } else if (part.type === 'text-delta') {
        underWay.came(part.text);
        yield part.text;
      } else if (part.type === 'reasoning-delta') {
        underWay.came(part.text);
        // One character more tells that there was more.
        if ((end.reasoning ?? '').length <= MOST_REASONING) end.reasoning = (end.reasoning ?? '') + part.text;
      } else if (part.type === 'tool-call') {
        end.calls = [...end.calls, { id: part.toolCallId, name: part.toolName, input: part.input }];
      } else if (part.type === 'error') throw part.error;
      else if (part.type === 'abort') abortSignal.throwIfAborted();
      else if (part.type === 'finish-step') answeredBy(part.response);
      else if (part.type === 'finish') {
        if (hasBrokenOff(model, part)) {
          throw new ModelUnavailableError(
            `The language model ${nameOfModel(model)} broke off its answer: its stream ended without saying why.`,
          );
        }
        end.finishReason = hasDeclined ? 'content-filter' : part.finishReason;
        end.calls = withoutCutCall(end.calls, part.finishReason, written);
        end.usage = toTokenUsage(part.totalUsage);
        end.isCounted = true;
      }
    }
    // Not asked for before: it rejects where the stream fails. The results of calls that can't be run are ours to say.
    if (end.calls.length > 0) end.turn = (await result.response).messages.filter(({ role }) => role === 'assistant');
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

/** How the prompt of this question is read. */
function readerOf({ model }: Question, hasRefused: Reader['hasRefused']): Reader {
  return { reads: readsOf(model), bridged: isBridged(model), apart: model === offlineModel, hasRefused };
}

/** Without `execute`: the AI SDK hands the calls out and runs nothing. */
function toToolSet({ tool, jsonSchema }: Sdk, model: LanguageModel, tools: NonNullable<Question['tools']>): ToolSet {
  return Object.fromEntries(
    Object.entries(offeredTo(model, tools).offered).map(([name, { description, inputSchema }]) => [
      name,
      tool({
        description: wellFormed(description),
        inputSchema: jsonSchema(wellFormedJson(schemaFor(model, inputSchema)) as JsonSchema),
      }),
    ]),
  );
}

/** Asks for JSON; the text is not parsed anew with every word that comes. */
function jsonOf({ Output: ways, jsonSchema }: Sdk, schema: JsonSchema): ReturnType<typeof Output.object> {
  const output = ways.object({ schema: jsonSchema(schema) });
  return { ...output, parsePartialOutput: () => Promise.resolve(undefined) };
}

function refuseEmpty(text: string, { finishReason, calls }: End, { model, mayBeEmpty = false }: Question): void {
  if ((!isNothing(text) || calls.length > 0 || mayBeEmpty) && finishReason !== 'error') return;
  const name = `The language model ${nameOfModel(model)}`;
  if (finishReason === 'content-filter') throw new TerminalError(`${name} declined to answer this.`);
  if (finishReason === 'length')
    throw new TerminalError(`${name} reached its limit of tokens before it said anything.`);
  throw new ModelUnavailableError(`${name} gave no answer.`);
}

function toTokenUsage(usage: LanguageModelUsage): TokenUsage {
  const { inputTokens, outputTokens, totalTokens, inputTokenDetails, outputTokenDetails } = usage;
  const { cacheReadTokens: cachedInputTokens, cacheWriteTokens } = inputTokenDetails;
  const { reasoningTokens } = outputTokenDetails;
  return countsIn({ inputTokens, outputTokens, totalTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens });
}
