/** The events of tasks for programs in the same process. */
import type { TasksService } from '../tasks/tasks-service.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import type { TaskEvent } from './task-event.js';

/** With all of its content, however large it is. */
export async function toTaskEvent(tasks: TasksService, event: LogEvent): Promise<TaskEvent> {
  const { seq, response, large = false } = event;
  if (!large) return { ...response, seq };
  let text = '';
  for await (const piece of tasks.text(event)) text += piece;
  return { ...(JSON.parse(text) as StreamResponse), seq };
}
