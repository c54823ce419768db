/** A call of another framework's tool as a step of a task: one that has finished does not run again after a crash. */
import { messageOf } from '../../platform/errors.js';
import { endsTheRun } from '../../runs/run.js';
import { currentRun } from '../run-scope.js';
import type { StepContext, TaskContext } from '../task-context.js';
import type { TellTools } from '../tools/tell-tools.js';

type ToldUse = Parameters<TellTools['result']>[0];
type Came = Parameters<TellTools['result']>[1];

export interface FrameworkCall {
  /** The model's. */
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  /** Whether watchers of the task were told of it when the model made it. */
  readonly isTold: boolean;
}

/** `cameOf`: what watchers are told of the result; undefined: nothing yet. */
export async function toolStep<Result>(
  task: Pick<TaskContext, 'step'>,
  { id, name, input, isTold }: FrameworkCall,
  work: (step: StepContext) => Promise<Result>,
  cameOf: (result: Result) => Came | undefined = (output) => ({ output }),
): Promise<Result> {
  // Models number their calls: only what was told before is known by its id.
  let call: ToldUse | undefined = isTold ? { id, name } : undefined;
  const tell = (came: Came | undefined): void => {
    if (call !== undefined && came !== undefined) currentRun()?.tools?.result(call, came);
  };
  try {
    return await task.step(`tool ${name}`, async (step: StepContext) => {
      call ??= { id: step.idempotencyKey, name, input };
      const result = await work(step);
      tell(cameOf(result));
      return result;
    });
  } catch (error) {
    if (!endsTheRun(error)) tell({ error: messageOf(error) });
    throw error;
  }
}

/** Of a tool that yields what it has so far, the last. */
export async function lastOf(result: unknown): Promise<unknown> {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) return result;
  let last: unknown;
  for await (const each of result as AsyncIterable<unknown>) last = each;
  return last;
}
