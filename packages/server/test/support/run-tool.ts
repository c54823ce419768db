/** Runs a tool as a model's call would, outside of a task. */
import type { AgentTool } from '@continuo/agent/internal/agents/tools/tool.js';

/** What the model would be told; an error as it was thrown. */
export async function run(tool: AgentTool | undefined, input: unknown = {}): Promise<unknown> {
  if (tool === undefined) return 'no such tool';
  try {
    const context = { signal: new AbortController().signal, idempotencyKey: 'key', task: undefined as never };
    return await tool.run(input, context);
  } catch (error) {
    return error;
  }
}
