/** Tools of the AI SDK whose calls are steps of a task: one that has finished does not run again after a crash. */
import type { ToolSet } from 'ai';
import { messageOf } from '../../platform/errors.js';
import { endsTheRun } from '../../runs/run.js';
import { currentRun } from '../run-scope.js';
import type { StepContext, TaskContext } from '../task-context.js';
import type { TellTools } from '../tools/tell-tools.js';

type ToldUse = Parameters<TellTools['result']>[0];

/** Those that the client or the provider carries out are left as they are. */
export function durableTools(tools: ToolSet, task: Pick<TaskContext, 'step'>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const { execute } = tool;
      if (execute === undefined) return [name, tool];
      const durable: typeof execute = async (input, options) => {
        // Models number their calls: only what was told before is known by its id.
        let call: ToldUse | undefined = isTold(tools, name) ? { id: options.toolCallId, name } : undefined;
        const tell = (came: Parameters<TellTools['result']>[1]): void => {
          if (call !== undefined) currentRun()?.tools?.result(call, came);
        };
        try {
          return await task.step(`tool ${name}`, async ({ signal, idempotencyKey: id }: StepContext) => {
            call ??= { id, name, input };
            const output = await lastOf(execute(input, { ...options, abortSignal: signal }));
            tell({ output });
            return output;
          });
        } catch (error) {
          if (!endsTheRun(error)) tell({ error: messageOf(error) });
          throw error;
        }
      };
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

/** Whether calls of the tool run at once here, so that watchers are told of them before they have a result. */
export function isTold(tools: ToolSet, name: string): boolean {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  return tool?.execute !== undefined && tool.needsApproval === undefined;
}
