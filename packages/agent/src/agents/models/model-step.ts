/** One call of a model as a durable step: tried again when that may help, and not before the provider wants it. */
import type { Clock } from '../../platform/clock.js';
import type { TaskContext } from '../task-context.js';
import { ModelUnavailableError } from './model-errors.js';

/** How often a model is asked that can't answer. */
export const MODEL_ATTEMPTS = 3;

/** Throws StepFailedError when all attempts have failed, and TerminalError. */
export function modelStep<Result>(
  task: Pick<TaskContext, 'step'>,
  clock: Pick<Clock, 'sleep'>,
  name: string,
  ask: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  let attempts = 0;
  return task.step(
    name,
    async ({ signal }) => {
      attempts += 1;
      try {
        return await ask(signal);
      } catch (error) {
        const waitMs = error instanceof ModelUnavailableError ? (error.retryAfterMs ?? 0) : 0;
        if (waitMs > 0 && attempts < MODEL_ATTEMPTS) await clock.sleep(waitMs, signal);
        throw error;
      }
    },
    { maxAttempts: MODEL_ATTEMPTS, retryDelayMs: 500, backoff: 3 },
  );
}
