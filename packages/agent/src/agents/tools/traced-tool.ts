/** A call of a tool as a span, by OpenTelemetry's GenAI conventions. */
import { tracing } from '../../platform/tracing.js';
import type { ToolCall } from '../models/ask-model.js';

/** What the tool answered is the model's to read, and in the span only where contents are. */
class ToolError extends Error {
  override readonly name = 'ToolError';
}

type Result = { readonly output: unknown } | { readonly error: string };

/** `name` is the tool's, as steps may be called. */
export function tracedTool<ToolResult extends Result>(
  name: string,
  { id, input }: ToolCall,
  signal: AbortSignal,
  run: () => Promise<ToolResult>,
): Promise<ToolResult> {
  const traces = tracing();
  if (traces === undefined) return run();
  const { withContents } = traces;
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': id,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.arguments': traces.contents(input),
  };
  return traces.inSpan({ name: `execute_tool ${name}`, attributes, signal }, async (span) => {
    const result = await run();
    if ('error' in result) span.fail(new ToolError(withContents ? result.error : 'The tool gave an error.'));
    else span.set({ 'gen_ai.tool.call.result': traces.contents(result.output) });
    return result;
  });
}
