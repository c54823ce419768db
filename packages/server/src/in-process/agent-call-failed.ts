/** Thrown by `agents.call` for a task that has failed, or was rejected or cancelled. */
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';

/** Thrown by `agents.call` for a task that ended FAILED, REJECTED or CANCELED. */
export class AgentCallFailedError extends Error {
  override readonly name = 'AgentCallFailedError';

  constructor(
    readonly taskId: string,
    readonly state: Extract<TaskState, 'FAILED' | 'REJECTED' | 'CANCELED'>,
    /** Why, as the task says it. */
    readonly reason: string,
    readonly task: Task,
  ) {
    super(`Task ${taskId} ended ${state}: ${reason || 'it gave no reason'}`);
  }
}
