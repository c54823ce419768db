/** How code of others that keeps its own place, as a graph does by its checkpoints, goes on from what its steps have kept. */
import { ContradictionError } from './contradiction.js';
import { describe, type JournalEntry } from './journal-entry.js';
import { fromRecorded } from './recorded-value.js';

export interface TakenUp {
  /** What the steps have given back that finished in earlier runs, in the order in which they were recorded. */
  readonly results: readonly unknown[];
  /** Holds the task, and never resolves: the last of these steps does not fit the code, which is `found` in its place. */
  hold(found: string): Promise<never>;
}

/**
 * Hands over all steps that earlier runs have recorded in the branch (`task.branch`) that the caller is in, whatever they are
 * named: the code need not come by them again. Its next ones are numbered behind them.
 */
export type TakeUp = () => TakenUp;

/** `hold` holds the task for good. */
export function takenUp(
  steps: readonly JournalEntry[],
  hold: (contradiction: ContradictionError) => Promise<never>,
): TakenUp {
  const last = steps.at(-1);
  return {
    results: steps.filter(({ failed }) => !failed).map(({ result }) => fromRecorded(result)),
    hold: (found) => hold(new ContradictionError(last === undefined ? 'nothing' : describe(last), found)),
  };
}
