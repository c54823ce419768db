/** One call of a tool, once: its result or its error, as the model is told. */
import type { ToolResultPart } from 'ai';
import { endsTheRun } from '../../runs/run.js';
import { messageOf } from '../../platform/errors.js';
import { derivedId } from '../../platform/ids.js';
import { storable } from '../../platform/storable.js';
import type { ToolCall } from '../models/ask-model.js';
import type { TaskContext } from '../task-context.js';
import type { AgentTool, ToolContext } from './tool.js';
import { startOf } from '../../platform/text.js';

/** Of a result that the model is shown. */
const MOST_CHARACTERS = 100_000;

/** What came of a call; JSON. */
export type ToolResult = { readonly output: unknown } | { readonly error: string };

/** What a model may use in one turn. */
export interface ToolBox {
  /** Those of the agent's class. */
  readonly own: Tools;
  /** With those of MCP servers, which are asked when this is first called; for steps only. */
  readonly all: () => Promise<Tools>;
}

type Tools = Readonly<Record<string, AgentTool>>;

/**
 * `place`: the call's own within its task, the same in every run. `done` gets the result before the step has ended.
 * Throws only what ends the run.
 */
export async function runTool(
  task: TaskContext,
  { own, all }: ToolBox,
  call: ToolCall,
  place: string,
  done: (result: ToolResult) => Promise<void>,
): Promise<ToolResult> {
  const carryOut = async (tools: Tools, context: ToolContext): Promise<ToolResult> => {
    const result = await attempt(tools, call, context);
    await done(result);
    return result;
  };
  if (Object.hasOwn(own, call.name) && own[call.name]?.inStep === false) {
    const { signal } = task;
    return carryOut(own, { task, signal, idempotencyKey: derivedId(`${task.id}:tool:${place}`) });
  }
  // An error is the model's to deal with: it may call again.
  return task.step(`tool ${call.name}`, async (step) => carryOut(await all(), { task, ...step }), { maxAttempts: 1 });
}

async function attempt(tools: Tools, { name, input }: ToolCall, context: ToolContext): Promise<ToolResult> {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) {
    return { error: `There is no tool "${name}". There are: ${Object.keys(tools).join(', ') || 'none'}.` };
  }
  try {
    const output: unknown = await tool.run(input, context);
    return cutResult({ output: storable(JSON.parse(JSON.stringify(output ?? null)) as unknown) }, MOST_CHARACTERS);
  } catch (error) {
    context.signal.throwIfAborted();
    if (endsTheRun(error)) throw error;
    return cutResult({ error: storable(messageOf(error)) }, MOST_CHARACTERS);
  }
}

/** A result that is too long is text, and says that it goes on. */
export function cutResult(result: ToolResult, most: number): ToolResult {
  const text = 'error' in result ? result.error : JSON.stringify(result.output);
  if (text.length <= most) return result;
  const short = `${startOf(text, most)}… (cut; it has ${text.length} characters)`;
  return 'error' in result ? { error: short } : { output: short };
}

export function toResultPart({ id, name }: Pick<ToolCall, 'id' | 'name'>, result: ToolResult): ToolResultPart {
  const output =
    'error' in result
      ? { type: 'error-text' as const, value: result.error }
      : typeof result.output === 'string'
        ? { type: 'text' as const, value: result.output }
        : { type: 'json' as const, value: result.output as never };
  return { type: 'tool-result', toolCallId: id, toolName: name, output };
}
