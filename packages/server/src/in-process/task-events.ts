/** The events of tasks for programs in the same process. */
import type { TasksService } from '../tasks/tasks-service.js';
import { wholeResponse } from '../tasks/whole-event.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { TaskEvent } from './task-event.js';

/** With all of its content, however large it is. */
export async function toTaskEvent(tasks: TasksService, event: LogEvent): Promise<TaskEvent> {
  return { ...(await wholeResponse(tasks, event)), seq: event.seq };
}
