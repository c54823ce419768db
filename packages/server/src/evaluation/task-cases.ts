/** Cases made of tasks that are stored: what was asked then, and what was answered. */
import { contentOf } from '@continuo/agent/internal/agents/content.js';
import { answerOfTask } from '@continuo/agent/internal/agents/task-answer.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { EvaluationCase } from './cases.js';

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
