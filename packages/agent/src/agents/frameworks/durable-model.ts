/** A model of the AI SDK whose calls are steps of a task: one that has finished is never asked again after a crash. */
import type {
  LanguageModelV2Usage,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import { TerminalError } from '../../platform/errors.js';
import { isObject, jsonIn } from '../../platform/json-object.js';
import type { LanguageModel } from '../models/language-model.js';
import { toModelError } from '../models/model-errors.js';
import { mayAsk, noteSpent } from '../models/spent.js';
import { withoutWarnings } from '../models/without-warnings.js';
import { currentRun } from '../run-scope.js';
import type { TokenUsage } from '../spending.js';
import type { TaskContext } from '../task-context.js';

/** Of the steps, in the task's trace. */
const STEP = 'model';

/** What of a part is kept: all but what only a request at hand knows. */
type KeptPart = Exclude<LanguageModelV3StreamPart, { readonly type: 'raw' | 'error' }>;

/** `isTold`: whether watchers of the task are told of calls of the tool with this name. */
export function durableModel(
  given: LanguageModel,
  task: Pick<TaskContext, 'step'>,
  isTold: (tool: string) => boolean,
): LanguageModel {
  const model = withoutWarnings(given);
  return {
    specificationVersion: model.specificationVersion,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: async (options) => {
      const kept = await task.step(STEP, async ({ signal }) => {
        const startedAt = await mayAsk();
        const answer = await asked(model, () => model.doGenerate({ ...options, abortSignal: signal }));
        noteSpent(given, tokensOf(answer.usage), { startedAt, finishReason: reasonOf(answer.finishReason) });
        return keptAnswer(answer);
      });
      return revived(kept);
    },
    doStream: async (options) => ({
      stream: new ReadableStream<LanguageModelV3StreamPart>({
        start: (controller) => {
          void streamInto(controller, (tell) =>
            task.step(STEP, async ({ signal, idempotencyKey }) => {
              const startedAt = await mayAsk();
              const { stream } = await asked(model, () => model.doStream({ ...options, abortSignal: signal }));
              const parts = await collected(model, stream, tell);
              const end = parts.find((part) => part.type === 'finish');
              if (end === undefined) throw new Error('The model broke off its answer.');
              noteSpent(given, tokensOf(end.usage), { startedAt, finishReason: reasonOf(end.finishReason) });
              const calls = parts.flatMap(toCall).filter(({ name }) => isTold(name));
              currentRun()?.tools?.calls(idempotencyKey, calls);
              return parts;
            }),
          );
        },
      }),
    }),
  };
}

/** The parts as they come; those of an earlier run, of a step that is not carried out again. */
async function streamInto(
  controller: ReadableStreamDefaultController<LanguageModelV3StreamPart>,
  ask: (tell: (part: KeptPart) => void) => Promise<readonly KeptPart[]>,
): Promise<void> {
  let told = 0;
  try {
    const parts = await ask((part) => {
      told += 1;
      controller.enqueue(part);
    });
    for (const part of told === 0 ? parts : []) controller.enqueue(revivedPart(part));
    controller.close();
  } catch (error) {
    controller.error(error);
  }
}

/**
 * What an attempt has told can't be taken back: of an answer that breaks off in mid-stream the rest is lost, so the step must
 * not be tried again beside it. The task fails, and whoever retries it begins that step anew.
 */
async function collected(
  model: LanguageModel,
  stream: ReadableStream<LanguageModelV3StreamPart>,
  tell: (part: KeptPart) => void,
): Promise<KeptPart[]> {
  const parts: KeptPart[] = [];
  try {
    for await (const part of stream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'raw') continue;
      parts.push(part);
      tell(part);
    }
  } catch (error) {
    const reason = toModelError(error, model);
    throw parts.some(({ type }) => type === 'text-delta')
      ? new TerminalError(reason.message, { cause: error })
      : reason;
  }
  return parts;
}

function toCall(part: KeptPart) {
  if (part.type !== 'tool-call') return [];
  const { toolCallId: id, toolName: name, input } = part;
  return [{ id, name, input: jsonIn(input) ?? input }];
}

async function asked<Answer>(model: LanguageModel, ask: () => PromiseLike<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw toModelError(error, model);
  }
}

function keptAnswer({
  content,
  finishReason,
  usage,
  providerMetadata,
  warnings,
  response,
}: LanguageModelV3GenerateResult) {
  const { id, timestamp, modelId } = response ?? {};
  return { content, finishReason, usage, providerMetadata, warnings, response: { id, timestamp, modelId } };
}

/** Times have become text in the journal. */
function revived(kept: ReturnType<typeof keptAnswer>): LanguageModelV3GenerateResult {
  const { timestamp } = kept.response;
  return { ...kept, response: { ...kept.response, timestamp: dateOf(timestamp) } };
}

function revivedPart(part: KeptPart): KeptPart {
  return part.type === 'response-metadata' ? { ...part, timestamp: dateOf(part.timestamp) } : part;
}

function dateOf(time: Date | string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

/** Models of the AI SDK 5 have nothing but the word. */
function reasonOf(reason: { readonly unified: string } | string): string {
  return typeof reason === 'string' ? reason : reason.unified;
}

/** Models of the AI SDK 5 count flat. */
function tokensOf(usage: LanguageModelV3Usage | LanguageModelV2Usage): TokenUsage {
  const tokens = isDetailed(usage) ? summed(usage) : usage;
  return Object.fromEntries(Object.entries(tokens).filter(([, count]) => typeof count === 'number'));
}

function isDetailed(usage: LanguageModelV3Usage | LanguageModelV2Usage): usage is LanguageModelV3Usage {
  return isObject(usage.inputTokens) && isObject(usage.outputTokens);
}

function summed({ inputTokens: input, outputTokens: output }: LanguageModelV3Usage): TokenUsage {
  return {
    inputTokens: input.total,
    outputTokens: output.total,
    totalTokens: input.total === undefined || output.total === undefined ? undefined : input.total + output.total,
    cachedInputTokens: input.cacheRead || undefined,
    cacheWriteTokens: input.cacheWrite || undefined,
    reasoningTokens: output.reasoning || undefined,
  };
}
