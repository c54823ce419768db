/** A deterministic model that needs nobody: it says that it is one, and what it has been told in the session. */
import type {
  LanguageModelV3CallOptions,
  LanguageModelV3FinishReason,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import type { LanguageModel } from './language-model.js';
import { cut } from '../../platform/text.js';

const TURN_CHARACTERS = 300;
const TEXT_ID = 'answer';

const finishReason: LanguageModelV3FinishReason = { unified: 'stop', raw: 'stop' };
/** Nothing is counted, as no model is used. */
const usage: LanguageModelV3Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

export const offlineModel: LanguageModel = {
  specificationVersion: 'v3',
  provider: 'continuo',
  modelId: 'offline',
  supportedUrls: {},
  async doGenerate({ prompt }: LanguageModelV3CallOptions) {
    return { content: [{ type: 'text', text: answerTo(prompt) }], finishReason, usage, warnings: [] };
  },
  async doStream({ prompt }: LanguageModelV3CallOptions) {
    const parts: readonly LanguageModelV3StreamPart[] = [
      { type: 'stream-start', warnings: [] },
      { type: 'text-start', id: TEXT_ID },
      ...words(answerTo(prompt)).map((delta) => ({ type: 'text-delta' as const, id: TEXT_ID, delta })),
      { type: 'text-end', id: TEXT_ID },
      { type: 'finish', finishReason, usage },
    ];
    return { stream: toStream(parts) };
  },
};

function answerTo(prompt: LanguageModelV3Prompt): string {
  const turns = prompt.flatMap((message) => (message.role === 'user' ? [turnOf(message.content)] : []));
  const earlier = turns.slice(0, -1);
  const memory =
    earlier.length === 0
      ? 'This is the first message of the session.'
      : `You said earlier:\n${earlier.map((turn, index) => `${index + 1}. ${turn}`).join('\n')}`;
  return [
    "I am Continuo's offline model: no LLM is configured. Set CONTINUO_MODEL to get an answer from a language model.",
    memory,
    `You say now: ${turns.at(-1) ?? '(nothing)'}`,
  ].join('\n\n');
}

function turnOf(content: Extract<LanguageModelV3Prompt[number], { role: 'user' }>['content']): string {
  const text = content
    .map((part) => (part.type === 'text' ? part.text : `[${part.filename ?? 'file'}, ${part.mediaType}]`))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return cut(text, TURN_CHARACTERS);
}

/** Each with the space that follows it, so that together they are the text again. */
function words(text: string): readonly string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function toStream(parts: readonly LanguageModelV3StreamPart[]): ReadableStream<LanguageModelV3StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}
