/** What a model said and what came of its calls, as its next prompt repeats them: in a form that providers take. */
import type { ModelMessage, ToolCallPart, ToolModelMessage } from 'ai';
import { isObject } from '../../platform/json-object.js';
import { storable } from '../../platform/storable.js';
import { toResultPart, type ToolResult } from '../tools/run-tool.js';
import type { ToolCall } from './ask-model.js';

/** What providers take as the name of a tool. */
const MOST_CHARACTERS = 64;

/**
 * The model's turn with the results of its calls behind it. Whatever it wrote: each call has an object as its input, and a
 * name that may be one. Of ids, which may come again, each prompt makes its own: see legalPrompt.
 */
export function repeatable(
  turn: readonly ModelMessage[],
  calls: readonly ToolCall[],
  results: readonly ToolResult[],
): readonly ModelMessage[] {
  const said = turn.map((message): ModelMessage => {
    if (message.role !== 'assistant' || typeof message.content === 'string') return message;
    return { ...message, content: message.content.map((part) => (part.type === 'tool-call' ? repeated(part) : part)) };
  });
  const came = calls.flatMap(({ id, name }, index): readonly ToolModelMessage[] => {
    const result = results[index];
    return result === undefined
      ? []
      : [{ role: 'tool', content: [toResultPart({ id, name: acceptable(name) }, result)] }];
  });
  return [...said, ...came];
}

function repeated(part: ToolCallPart): ToolCallPart {
  return { ...part, toolName: acceptable(part.toolName), input: isObject(part.input) ? storable(part.input) : {} };
}

/** For a prompt without tools: some providers take no calls in it either. */
export function withoutTools(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.map(({ role, content }) => ({
    role: role === 'assistant' ? 'assistant' : 'user',
    content: inWords(content),
  }));
}

function inWords(content: ModelMessage['content']): string {
  if (typeof content === 'string') return content;
  const words = content.flatMap((part) => {
    if (part.type === 'text') return part.text.trim() === '' ? [] : [part.text];
    if (part.type === 'tool-result') return [`(Result of ${part.toolName}: ${resultInWords(part.output)})`];
    return part.type === 'tool-call' ? [`(Uses ${part.toolName}: ${JSON.stringify(part.input)})`] : [];
  });
  return words.join('\n');
}

function resultInWords(output: ReturnType<typeof toResultPart>['output']): string {
  return 'value' in output ? (typeof output.value === 'string' ? output.value : JSON.stringify(output.value)) : '';
}

function acceptable(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, MOST_CHARACTERS) || 'unknown';
}
