/** A language model whose warnings the AI SDK doesn't see: it would print them to the console of whoever hosts Continuo. */
import type { LanguageModel } from './language-model.js';

/** They tell of settings that a provider does without, call by call. The SDK's own switch for them is global. */
export function withoutWarnings(model: LanguageModel): LanguageModel {
  return {
    specificationVersion: model.specificationVersion,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => model.doGenerate(options),
    doStream: async (options) => {
      const answer = await model.doStream(options);
      return { ...answer, stream: answer.stream.pipeThrough(quiet()) };
    },
  };
}

type Part =
  Awaited<ReturnType<LanguageModel['doStream']>>['stream'] extends ReadableStream<infer Streamed> ? Streamed : never;

function quiet(): TransformStream<Part, Part> {
  return new TransformStream({
    transform: (part, controller) =>
      controller.enqueue(part.type === 'stream-start' ? { ...part, warnings: [] } : part),
  });
}
