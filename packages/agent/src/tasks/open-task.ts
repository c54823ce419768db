/** A task that has not ended, as a run that goes on with it would find it. */
import type { ClaimedTask } from './claimed-task.js';
import type { TaskState } from './task-state.js';

export interface OpenTask {
  /** With the token of no run. */
  readonly claimed: ClaimedTask;
  readonly state: TaskState;
  /** The version that ran it last; null for a task that has not run. */
  readonly ranWith: string | null;
  /** The message that asks what the task waits for. */
  readonly asks: string | undefined;
}
