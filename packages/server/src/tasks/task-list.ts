/** A page of tasks, as the API and `Tasks` answer it. */
import type { Task } from '@continuo/agent/internal/tasks/task.js';

/** A page of tasks. */
export interface TaskList {
  readonly tasks: readonly Task[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  readonly pageSize: number;
  /** Of all pages: exact up to 2,000, an estimate above. */
  readonly totalSize: number;
}
