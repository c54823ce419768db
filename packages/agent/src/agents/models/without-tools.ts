/** What a model said and what came of its calls, in words: for a prompt without tools, as some providers take no calls in it either. */
import type { ModelMessage, ToolResultPart } from 'ai';
import { isNothing } from '../../platform/text.js';

export function withoutTools(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.map(({ role, content }) => ({
    role: role === 'assistant' ? 'assistant' : 'user',
    content: inWords(content),
  }));
}

function inWords(content: ModelMessage['content']): string {
  if (typeof content === 'string') return content;
  const words = content.flatMap((part) => {
    if (part.type === 'text') return isNothing(part.text) ? [] : [part.text];
    if (part.type === 'tool-result') return [`(Result of ${part.toolName}: ${resultInWords(part.output)})`];
    return part.type === 'tool-call' ? [`(Uses ${part.toolName}: ${JSON.stringify(part.input)})`] : [];
  });
  return words.join('\n');
}

function resultInWords(output: ToolResultPart['output']): string {
  return 'value' in output ? (typeof output.value === 'string' ? output.value : JSON.stringify(output.value)) : '';
}
