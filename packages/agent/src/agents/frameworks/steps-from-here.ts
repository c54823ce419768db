/** Steps that other people's code begins, as if the agent's own had: in one place, so that a run that goes on finds them again. */
import { AsyncResource } from 'node:async_hooks';
import type { StepContext, StepOptions, TaskContext } from '../task-context.js';

/**
 * Where in its callbacks and streams a framework begins a step depends on what arrives when, and is another flow in the next
 * run: what is found in another flow is waited for first. These steps all begin where this was called.
 */
export function stepsFromHere(task: Pick<TaskContext, 'step'>): Pick<TaskContext, 'step'> {
  const here = new AsyncResource('continuo:steps');
  return {
    step: <Result>(
      name: string,
      work: (step: StepContext) => Result | Promise<Result>,
      options?: StepOptions,
    ): Promise<Result> => here.runInAsyncScope(() => beside(() => task.step(name, work, options))),
  };
}

/** What `begin` enters stays with it, and is not where the next one begins. */
function beside<Result>(begin: () => Result): Result {
  return new AsyncResource('continuo:step').runInAsyncScope(begin);
}
