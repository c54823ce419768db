/** Tools of the AI SDK whose calls are steps of a task: one that has finished does not run again after a crash. */
import type { ToolSet } from 'ai';
import type { StepContext, TaskContext } from '../task-context.js';

/** Those that the client or the provider carries out are left as they are. */
export function durableTools(tools: ToolSet, task: Pick<TaskContext, 'step'>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const { execute } = tool;
      if (execute === undefined) return [name, tool];
      const durable: typeof execute = (input, options) =>
        task.step(`tool ${name}`, ({ signal }: StepContext) =>
          lastOf(execute(input, { ...options, abortSignal: signal })),
        );
      return [name, { ...tool, execute: durable }];
    }),
  );
}

/** Of a tool that yields what it has so far, the last. */
async function lastOf(result: unknown): Promise<unknown> {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) return result;
  let last: unknown;
  for await (const each of result as AsyncIterable<unknown>) last = each;
  return last;
}
