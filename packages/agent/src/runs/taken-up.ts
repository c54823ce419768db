/** How code of others that keeps its own place, as a graph does by its checkpoints, goes on from what its steps have kept. */

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
