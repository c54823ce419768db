/** The results of tools as a model is shown them: with their files where its provider reads such in a result. */
import type { ModelMessage, ToolResultPart } from 'ai';
import { providerOfModel, type LanguageModel } from './language-model.js';
import { looksBroken } from './readable-files.js';

/** Whoever isn't here reads none. */
const readInResults: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
  openai: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
  google: ['image/png', 'image/jpeg', 'image/webp', 'application/pdf'],
};

/** Without the files that this model doesn't read: the words beside them name them. */
export function withReadableResults(model: LanguageModel, messages: readonly ModelMessage[]): ModelMessage[] {
  const reads = readInResults[providerOfModel(model)] ?? [];
  return messages.map((message) => {
    if (message.role !== 'tool') return message;
    const content = message.content.map((part) => (part.type === 'tool-result' ? readable(part, reads) : part));
    return { ...message, content };
  });
}

function readable(part: ToolResultPart, reads: readonly string[]): ToolResultPart {
  const { output } = part;
  if (output.type !== 'content') return part;
  const shown = output.value.filter((item) => {
    if (item.type !== 'image-data' && item.type !== 'file-data') return true;
    // Providers refuse one that is none, and the whole request with it.
    return reads.includes(item.mediaType) && !looksBroken(item.mediaType, item.data);
  });
  const [first] = shown;
  if (shown.length > 1 || first?.type !== 'text') return { ...part, output: { ...output, value: shown } };
  return { ...part, output: { type: 'text', value: first.text } };
}
