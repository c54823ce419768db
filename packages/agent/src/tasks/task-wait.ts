/** One who waits for the next commit to a task. */

/** One who waits, from before it first looks. */
export interface TaskWait {
  /**
   * Resolves when something other than chunks of artifacts was committed since it last did so; rejects when `signal` is
   * aborted. May resolve for nothing.
   */
  next(signal: AbortSignal): Promise<void>;
  leave(): void;
}
