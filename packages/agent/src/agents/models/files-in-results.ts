/** The results of tools as a model is shown them: with their files where its provider reads such in a result. */
import type { ModelMessage, ToolResultPart } from 'ai';
import { providerOfModel, type LanguageModel } from './language-model.js';
import { looksBroken, mediaTypeOf } from './readable-files.js';

/** Whoever isn't here reads none. */
const readInResults: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
  openai: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
  google: ['image/png', 'image/jpeg', 'image/webp', 'application/pdf'],
};

type Item = Extract<ToolResultPart['output'], { type: 'content' }>['value'][number];
type FileItem = Extract<Item, { type: 'image-data' | 'file-data' }>;

/**
 * Without the files that this model doesn't read, or has refused (base64): the words beside them name them. Others have the
 * media type that their provider knows.
 */
export function withReadableResults(
  model: LanguageModel,
  messages: readonly ModelMessage[],
  hasRefused: (base64: string) => boolean,
): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== 'tool') return message;
    const content = message.content.map((part) => {
      if (part.type !== 'tool-result' || part.output.type !== 'content') return part;
      const shown = part.output.value.flatMap((item): readonly Item[] => {
        if (!isFile(item)) return [item];
        const file = readableIn(model, item);
        return file === undefined || hasRefused(file.data) ? [] : [file];
      });
      return { ...part, output: outputOf(shown) };
    });
    return { ...message, content };
  });
}

/** The files in the results of tools that the model would be sent, as they would be; base64. */
export function filesInResults(model: LanguageModel, message: ModelMessage): readonly string[] {
  if (message.role !== 'tool') return [];
  return message.content.flatMap((part) => {
    if (part.type !== 'tool-result' || part.output.type !== 'content') return [];
    return part.output.value.flatMap((item) => (isFile(item) ? (readableIn(model, item)?.data ?? []) : []));
  });
}

function isFile(item: Item): item is FileItem {
  return item.type === 'image-data' || item.type === 'file-data';
}

/** Undefined for what its provider doesn't read there, or refuses as none of its kind. */
function readableIn(model: LanguageModel, item: FileItem): FileItem | undefined {
  const mediaType = mediaTypeOf(item.mediaType, item.data);
  const reads = readInResults[providerOfModel(model)] ?? [];
  return reads.includes(mediaType) && !looksBroken(mediaType, item.data) ? { ...item, mediaType } : undefined;
}

function outputOf(shown: readonly Item[]): ToolResultPart['output'] {
  const [first] = shown;
  return shown.length === 1 && first?.type === 'text'
    ? { type: 'text', value: first.text }
    : { type: 'content', value: [...shown] };
}
