/** A page of tasks, as the API and `Tasks` answer it. */
import type { Task } from '@continuo/agent/internal/tasks/task.js';

export interface TaskList {
  readonly tasks: readonly Task[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly pageSize: number;
  readonly totalSize: number;
}
