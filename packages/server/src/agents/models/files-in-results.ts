/** The results of tools as a model is shown them: with their files where its provider reads such in a result. */
import type { ModelMessage, ToolResultPart } from 'ai';
import { providerOfModel, type LanguageModel } from './language-model.js';

/** How files of these types begin, in hexadecimal: providers refuse one that doesn't, and the whole request with it. */
const beginnings: Readonly<Record<string, string>> = {
  'image/png': '89504e470d0a1a0a',
  'image/jpeg': 'ffd8ff',
  'image/gif': '47494638',
  'image/webp': '52494646',
  'application/pdf': '255044462d',
};

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
    const begin = Buffer.from(item.data.slice(0, 16), 'base64').toString('hex');
    return reads.includes(item.mediaType) && begin.startsWith(beginnings[item.mediaType] ?? '');
  });
  const [first] = shown;
  if (shown.length > 1 || first?.type !== 'text') return { ...part, output: { ...output, value: shown } };
  return { ...part, output: { type: 'text', value: first.text } };
}
