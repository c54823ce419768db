/** How a run ends that was broken off. */
import { ContinuoError } from '../platform/errors.js';
import { RunAbandoned, type RunOutcome } from '../runs/run.js';

/** Throws RunAbandoned when another run goes on. */
export function outcomeOf(reason: unknown): RunOutcome {
  if (reason instanceof ContinuoError && (reason.code === 'TASK_ENDED' || reason.code === 'TASK_NOT_FOUND')) {
    return 'ended';
  }
  if (reason instanceof ContinuoError && reason.code === 'RUN_LOST') throw new RunAbandoned(reason.message);
  throw reason;
}

/** Refusals that say what became of a task: of this one, when they come from what the run itself writes. */
export function isOfTheTask(error: unknown): boolean {
  return error instanceof ContinuoError && ['RUN_LOST', 'TASK_ENDED', 'TASK_NOT_FOUND'].includes(error.code);
}

/** Rejects with the signal's reason: an agent that doesn't listen is left behind. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
