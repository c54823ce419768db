/** What agents of other frameworks remember: the session's last messages before the task's own, oldest first. */
import type { Message } from '../../sessions/message.js';
import type { TaskContext } from '../task-context.js';

const MOST_MESSAGES = 100;

export function sessionMemory(task: Pick<TaskContext, 'history'>): Promise<readonly Message[]> {
  return task.history({ limit: MOST_MESSAGES });
}
