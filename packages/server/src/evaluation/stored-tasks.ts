/** Which stored tasks cases are made of. */
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';

/** Which of the stored tasks become cases; a task must fit all that is given. */
export interface StoredTasks {
  /** Default: the first agent that is evaluated. */
  readonly agent?: string;
  /** Default `COMPLETED`. */
  readonly state?: TaskState;
  /** Words that their messages say. */
  readonly q?: string;
  readonly contextId?: string;
  /** Changed after this. */
  readonly statusAfter?: Date;
  /** Whose they are. Default `local`, in the tenant `default`. */
  readonly owner?: string;
  readonly tenant?: string;
  /** Default 100, the newest. */
  readonly limit?: number;
}
