/** One call of a tool, once: its result or its error, as the model is told. */
import type { ToolResultPart } from 'ai';
import { endsTheRun } from '../../engine/dbos-run.js';
import { messageOf } from '../../platform/errors.js';
import { derivedId } from '../../platform/ids.js';
import type { ToolCall } from '../models/ask-model.js';
import type { TaskContext } from '../task-context.js';
import type { AgentTool, ToolContext } from './tool.js';

/** What came of a call; JSON. */
export type ToolResult = { readonly output: unknown } | { readonly error: string };

/** `place`: the call's own within its task, the same in every run. Throws only what ends the run. */
export async function runTool(
  task: TaskContext,
  tools: Readonly<Record<string, AgentTool>>,
  call: ToolCall,
  place: string,
): Promise<ToolResult> {
  const tool = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined;
  if (tool === undefined) {
    return { error: `There is no tool "${call.name}". There are: ${Object.keys(tools).join(', ') || 'none'}.` };
  }
  if (!tool.inStep) {
    const { signal } = task;
    return attempt(tool, call, { task, signal, idempotencyKey: derivedId(`${task.id}:tool:${place}`) });
  }
  // An error is the model's to deal with: it may call again.
  return task.step(`tool ${call.name}`, (step) => attempt(tool, call, { task, ...step }), { maxAttempts: 1 });
}

async function attempt(tool: AgentTool, { input }: ToolCall, context: ToolContext): Promise<ToolResult> {
  try {
    const output: unknown = await tool.run(input, context);
    return { output: JSON.parse(JSON.stringify(output ?? null)) as unknown };
  } catch (error) {
    context.signal.throwIfAborted();
    if (endsTheRun(error)) throw error;
    return { error: messageOf(error) };
  }
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
