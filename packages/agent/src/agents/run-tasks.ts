/** What a run reads of tasks beside the log that it writes. */
import type { Message } from '../sessions/message.js';
import type { TaskOwner } from '../tasks/claimed-task.js';
import type { Task } from '../tasks/task.js';
import type { TaskWait } from '../tasks/task-wait.js';

export interface RunTasks {
  /** The messages that came while the task worked, behind the first `taken`, `most` of them. */
  inbox(taskId: string, taken: number, most?: number): Promise<readonly Message[]>;
  /** Tells of what is committed to the task from now on. */
  waitFor(taskId: string): TaskWait;
  get(
    owner: TaskOwner,
    taskId: string,
    view: { readonly historyLength: number; readonly artifacts: boolean },
  ): Promise<{ readonly task: Task }>;
  /** Those of the runs whose tasks are others' by now, or need no run. */
  overruled(runs: readonly { readonly taskId: string; readonly token: string }[]): Promise<readonly unknown[]>;
}

/** Is told which runs are under way here, and how to end each. */
export interface RunsUnderWay {
  began(taskId: string, token: string, abort: (reason: Error) => void): void;
  ended(taskId: string, token: string): void;
}
