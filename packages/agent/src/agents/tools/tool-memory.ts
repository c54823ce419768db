/** What a session remembers of the tools that a model used: messages of their own, and what later turns show of them. */
import type { ModelMessage } from 'ai';
import { derivedId } from '../../platform/ids.js';
import type { Message, Part } from '../../sessions/message.js';
import { TOOLS_EXTENSION } from '../../tasks/task.js';
import type { ToolCall } from '../models/ask-model.js';
import { isObject } from '../../platform/json-object.js';
import { cutResult, toResultPart, type ToolResult } from './run-tool.js';

/** Characters of a result that later turns are shown. */
const MOST_CHARACTERS = 4_000;

const UNKNOWN: ToolResult = {
  error: 'The task ended before this call had a result. Whether it took effect is not known.',
};
const OPEN: ToolResult = { error: 'This call has no result yet: it is still being carried out.' };

export type Remembered = 'calls' | 'result';

/** The data of one part. */
interface Memory {
  /** The call's own within its task. */
  readonly call: string;
  readonly tool: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
}

/** `placeOf`: the n-th call's own within its task. */
export function callsToRemember(calls: readonly ToolCall[], placeOf: (index: number) => string): readonly Part[] {
  return calls.map(({ name: tool, input }, index) => ({ data: { call: placeOf(index), tool, input } }));
}

export function resultToRemember({ name: tool }: ToolCall, call: string, result: ToolResult): readonly Part[] {
  // Later turns know of its files by name.
  const words = 'error' in result ? result : { output: result.output };
  return [{ data: { call, tool, ...cutResult(words, MOST_CHARACTERS) } }];
}

/**
 * The turns for messages about tools: each call that `agent` made of a tool that is in `known`, with its result. A call
 * that its task never gave a result has one that says so, as no provider takes a call without; `working`: the tasks that
 * may still give one. Undefined for messages about other things.
 */
export function toolTurns(
  history: readonly Message[],
  agent: string,
  known: Readonly<Record<string, unknown>>,
  working: ReadonlySet<string> = new Set(),
): (message: Message) => readonly ModelMessage[] | undefined {
  const all = callsIn(history);
  return (message) => {
    const kind = kindOf(message);
    if (kind === undefined) return undefined;
    const mine = message.metadata?.['agent'] === agent ? (all.get(message) ?? []) : [];
    const calls = mine.filter(({ memory }) => Object.hasOwn(known, memory.tool));
    if (calls.length === 0) return [];
    const missing = working.has(message.taskId ?? '') ? OPEN : UNKNOWN;
    return [
      {
        role: 'assistant',
        content: calls.map(({ id, memory: { tool: toolName, input } }) => ({
          type: 'tool-call',
          toolCallId: id,
          toolName,
          input: isObject(input) ? input : {},
        })),
      },
      {
        role: 'tool',
        content: calls.map(({ id, memory, result }) => toResultPart({ id, name: memory.tool }, result ?? missing)),
      },
    ];
  };
}

/** The tasks that have made calls which have no result. */
export function tasksWithOpenCalls(history: readonly Message[]): readonly string[] {
  const open = [...callsIn(history)].flatMap(([{ taskId }, calls]) =>
    taskId !== undefined && calls.some(({ result }) => result === undefined) ? [taskId] : [],
  );
  return [...new Set(open)];
}

interface ShownCall {
  readonly id: string;
  readonly memory: Memory;
  result?: ToolResult;
}

/**
 * The calls that each message tells of. A model that was asked again after a crash may want something else in the same
 * place: of those without a result the last was run. In a copy of a session messages belong to no task, so that a result
 * is that of the call in its place which was made last.
 */
function callsIn(history: readonly Message[]): ReadonlyMap<Message, readonly ShownCall[]> {
  const latest = new Map<string, ShownCall>();
  const told = new Map<Message, ShownCall[]>();
  const outdated = new Set<ShownCall>();
  for (const message of history) {
    const kind = kindOf(message);
    for (const memory of kind === undefined ? [] : memoriesOf(message)) {
      const place = JSON.stringify([message.taskId, message.metadata?.['agent'], memory.call]);
      const before = latest.get(place);
      if (kind === 'result') {
        if (before !== undefined) before.result = toResult(memory);
        continue;
      }
      if (before !== undefined && before.result === undefined) outdated.add(before);
      const call: ShownCall = { id: idOf(message, memory), memory };
      latest.set(place, call);
      told.set(message, [...(told.get(message) ?? []), call]);
    }
  }
  return new Map([...told].map(([message, calls]) => [message, calls.filter((call) => !outdated.has(call))]));
}

export function isAboutTools(message: Message): boolean {
  return kindOf(message) !== undefined;
}

/** Only what an agent has said: users write metadata as they like. */
function kindOf({ role, metadata }: Message): Remembered | undefined {
  const kind = role === 'ROLE_AGENT' ? metadata?.[TOOLS_EXTENSION] : undefined;
  return kind === 'calls' || kind === 'result' ? kind : undefined;
}

function memoriesOf({ parts }: Message): readonly Memory[] {
  return parts.map((part) => part.data).filter(isMemory);
}

function isMemory(data: unknown): data is Memory {
  if (typeof data !== 'object' || data === null || !('call' in data) || !('tool' in data)) return false;
  return typeof data.call === 'string' && typeof data.tool === 'string';
}

function toResult({ output, error }: Memory): ToolResult {
  return typeof error === 'string' ? { error } : { output: output ?? null };
}

/** Models number their calls from the start in each answer; this one is unique, and such as every provider takes. */
function idOf({ messageId }: Message, { call }: Memory): string {
  return derivedId(`${messageId}:${call}`).replaceAll('-', '').slice(-9);
}
