/** What a model said and what came of its calls, as its next prompt repeats them: in a form that providers take. */
import type { ModelMessage, ToolCallPart, ToolModelMessage } from 'ai';
import { newId } from '../../platform/ids.js';
import { isObject } from '../../platform/json-object.js';
import { storable } from '../../platform/storable.js';
import { toResultPart, type ToolResult } from '../tools/run-tool.js';
import type { ToolCall } from './ask-model.js';

/** What providers take as the name of a tool. */
const MOST_CHARACTERS = 64;

/**
 * The model's turn with the results of its calls behind it. Whatever it wrote: each call has an object as its input, a name
 * that may be one, and an id that no other call in `before` has.
 */
export function repeatable(
  before: readonly ModelMessage[],
  turn: readonly ModelMessage[],
  calls: readonly ToolCall[],
  results: readonly ToolResult[],
): readonly ModelMessage[] {
  const taken = new Set(before.flatMap(callsIn).map(({ toolCallId }) => toolCallId));
  const own: ToolCallPart[] = [];
  const repeated = (part: ToolCallPart): ToolCallPart => {
    const isFree = /^[\w-]{1,64}$/.test(part.toolCallId) && !taken.has(part.toolCallId);
    const toolCallId = isFree ? part.toolCallId : newId();
    taken.add(toolCallId);
    const input = isObject(part.input) ? storable(part.input) : {};
    const call = { ...part, toolCallId, toolName: acceptable(part.toolName), input };
    own.push(call);
    return call;
  };
  const said = turn.map((message): ModelMessage => {
    if (message.role !== 'assistant' || typeof message.content === 'string') return message;
    return { ...message, content: message.content.map((part) => (part.type === 'tool-call' ? repeated(part) : part)) };
  });
  const came = calls.flatMap((call, index): readonly ToolModelMessage[] => {
    const { toolCallId: id, toolName: name } = own[index] ?? { toolCallId: call.id, toolName: call.name };
    const result = results[index];
    return result === undefined ? [] : [{ role: 'tool', content: [toResultPart({ id, name }, result)] }];
  });
  return [...said, ...came];
}

/** For a prompt without tools: some providers take no calls in it either. */
export function withoutTools(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const told: { readonly role: 'user' | 'assistant'; readonly content: string }[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = inWords(message.content);
    const last = told.at(-1);
    if (last?.role === role) told.splice(-1, 1, { role, content: `${last.content}\n${content}` });
    else told.push({ role, content });
  }
  return told;
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

function callsIn(message: ModelMessage): readonly ToolCallPart[] {
  if (message.role !== 'assistant' || typeof message.content === 'string') return [];
  return message.content.filter((part) => part.type === 'tool-call');
}

function acceptable(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, MOST_CHARACTERS) || 'unknown';
}
