/** Cases made of tasks that are stored: what was asked then, and what was answered. */
import { contentOf } from '@continuo/agent/internal/agents/content.js';
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { EvaluationCase } from './cases.js';
import type { StoredTasks } from './stored-tasks.js';

const PAGE = 50;
const DEFAULT_LIMIT = 100;

/** Their first message is the input, their answer what is expected: its text, or its value where it has no text. */
export async function casesOfTasks(
  tasks: Pick<TasksService, 'list'>,
  { owner = 'local', tenant = 'default', limit = DEFAULT_LIMIT, state = 'COMPLETED', ...filter }: StoredTasks,
): Promise<readonly EvaluationCase[]> {
  const cases: EvaluationCase[] = [];
  for (let token = ''; ;) {
    const page = await tasks.list({ tenant, owner }, { ...filter, state }, { size: PAGE, token, artifacts: true });
    for (const { task } of page.tasks) {
      const input = task.history?.find(({ role }) => role === 'ROLE_USER')?.parts ?? [];
      const { parts } = answerOfTask(task.id, task);
      const expected = textOf(parts) || contentOf(parts).data;
      if (input.length > 0) cases.push({ id: task.id, input, ...(expected === undefined ? {} : { expected }) });
      if (cases.length === limit) return cases;
    }
    token = page.nextPageToken;
    if (token === '') return cases;
  }
}
