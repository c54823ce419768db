/** Reads the budgets of a task and of those for which it works. */
import { budgetIn, type BudgetOfTask } from '@continuo/agent/internal/tasks/task-budget.js';
import { TASKS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Queryable } from '../platform/database.js';

const sql = `
WITH RECURSIVE above AS (
  SELECT id, parent_id, metadata, 0 AS n FROM tasks WHERE id = $1
  UNION ALL
  SELECT t.id, t.parent_id, t.metadata, a.n + 1 FROM above a JOIN tasks t ON t.id = a.parent_id
)
SELECT id, parent_id IS NULL AS root, metadata->'${TASKS_EXTENSION}' AS said FROM above
WHERE metadata->'${TASKS_EXTENSION}' IS NOT NULL ORDER BY n`;

/** The task's own budget and those of the tasks above it, from the bottom up. */
export async function readBudgets(database: Queryable, taskId: string): Promise<readonly BudgetOfTask[]> {
  const rows = await database.query<{ readonly id: string; readonly root: boolean; readonly said: unknown }>(sql, [
    taskId,
  ]);
  return rows.flatMap(({ id, root, said }) => {
    const budget = budgetIn(said);
    return budget === undefined ? [] : [{ ...budget, taskId: id, isRoot: root }];
  });
}
