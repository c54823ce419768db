/** The agent's code does not fit what its task has done: the task is held, and nothing of it is lost. */

export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';

  constructor(
    /** What the task has finished: `step "load"`. */
    readonly finished: string,
    /** What the code does in its place: `step "load order"`. */
    readonly found: string,
  ) {
    super(`Finished: ${finished}; the code now runs: ${found}.`);
  }
}
