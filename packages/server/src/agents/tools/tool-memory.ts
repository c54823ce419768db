/** What a session remembers of the tools that a model used: messages of their own, and what later turns show of them. */
import type { ModelMessage } from 'ai';
import { derivedId } from '../../platform/ids.js';
import type { Message, Part } from '../../sessions/message.js';
import type { ToolCall } from '../models/ask-model.js';
import { cutResult, toResultPart, type ToolResult } from './run-tool.js';

/** In the metadata of such a message: `calls` before the tools run, `result` for each that has. */
export const TOOLS_EXTENSION = 'urn:continuo:a2a:tools:v1';

/** Characters of a result that later turns are shown. */
const MOST_CHARACTERS = 4_000;

const UNKNOWN: ToolResult = {
  error: 'The task ended before this call had a result. Whether it took effect is not known.',
};

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
 * that its task never gave a result has one that says so, as no provider takes a call without. Undefined for messages
 * about other things.
 */
export function toolTurns(
  history: readonly Message[],
  agent: string,
  known: Readonly<Record<string, unknown>>,
): (message: Message) => readonly ModelMessage[] | undefined {
  const results = new Map<string, ToolResult>();
  // A model that was asked again after a crash may want something else in the same place: the last was run.
  const last = new Map<string, Message>();
  for (const message of history) {
    const kind = kindOf(message);
    for (const memory of memoriesOf(message)) {
      if (kind === 'result') results.set(idOf(message, memory), toResult(memory));
      if (kind === 'calls') last.set(idOf(message, memory), message);
    }
  }
  return (message) => {
    const kind = kindOf(message);
    if (kind === undefined) return undefined;
    const mine = message.metadata?.['agent'] === agent ? memoriesOf(message) : [];
    const calls = mine.filter(
      (memory) => last.get(idOf(message, memory)) === message && Object.hasOwn(known, memory.tool),
    );
    if (calls.length === 0) return [];
    const named = calls.map((memory) => ({ id: idOf(message, memory), name: memory.tool, input: memory.input }));
    return [
      {
        role: 'assistant',
        content: named.map(({ id, name, input }) => ({
          type: 'tool-call',
          toolCallId: id,
          toolName: name,
          input: typeof input === 'object' && input !== null ? input : {},
        })),
      },
      { role: 'tool', content: named.map((call) => toResultPart(call, results.get(call.id) ?? UNKNOWN)) },
    ];
  };
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

/** Models number their calls from the start in each answer; this one is unique. */
function idOf({ taskId }: Message, { call }: Memory): string {
  return derivedId(`${taskId}:${call}`);
}
