/** Tools of the AI SDK whose calls are steps of a task. */
import type { ToolSet } from 'ai';
import type { TaskContext } from '../task-context.js';
import { lastOf, toolStep } from './tool-step.js';

/** Those that the client or the provider carries out are left as they are. */
export function durableTools(tools: ToolSet, task: Pick<TaskContext, 'step'>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const { execute } = tool;
      if (execute === undefined) return [name, tool];
      const durable: typeof execute = (input, options) => {
        const call = { id: options.toolCallId, name, input: input as unknown, isTold: isTold(tools, name) };
        return toolStep(task, call, ({ signal }) => lastOf(execute(input, { ...options, abortSignal: signal })));
      };
      return [name, { ...tool, execute: durable }];
    }),
  );
}

/** Whether calls of the tool run at once here, so that watchers are told of them before they have a result. */
export function isTold(tools: ToolSet, name: string): boolean {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  return tool?.execute !== undefined && tool.needsApproval === undefined;
}
