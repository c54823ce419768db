/** An event with all of its content, however large it is: for readers that hand it on as one. */
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import type { TasksService } from './tasks-service.js';

export async function wholeResponse(tasks: TasksService, event: LogEvent): Promise<StreamResponse> {
  if (event.large !== true) return event.response;
  let text = '';
  for await (const piece of tasks.text(event)) text += piece;
  return JSON.parse(text) as StreamResponse;
}
