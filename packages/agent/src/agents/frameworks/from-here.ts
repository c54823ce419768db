/** What other people's code begins, as if the agent's own had: in one place, so that a run that goes on finds it again. */
import { AsyncResource } from 'node:async_hooks';
import type { StepContext, StepOptions, TaskContext } from '../task-context.js';

/**
 * Where in its callbacks and streams a framework begins something depends on what arrives when, and is another flow in the
 * next run: what is found in another flow is waited for first. All that is begun by the function that this gives begins where
 * this was called.
 */
export function fromHere(): <Result>(begin: () => Promise<Result>) => Promise<Result> {
  const here = new AsyncResource('continuo:here');
  // What `begin` enters stays with it, and is not where the next one begins.
  return (begin) => here.runInAsyncScope(() => new AsyncResource('continuo:begun').runInAsyncScope(begin));
}

/** The steps of the task, all begun where this was called. */
export function stepsFromHere(task: Pick<TaskContext, 'step'>): Pick<TaskContext, 'step'> {
  const begun = fromHere();
  return {
    step: <Result>(
      name: string,
      work: (step: StepContext) => Result | Promise<Result>,
      options?: StepOptions,
    ): Promise<Result> => begun(() => task.step(name, work, options)),
  };
}
