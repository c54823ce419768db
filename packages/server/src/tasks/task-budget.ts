/** What a task may take of language models, as its metadata say; and the budgets of all for which it works. */
import type { Queryable } from '../platform/database.js';
import { TASKS_EXTENSION } from './task.js';

export interface TaskBudget {
  /** Tokens of input and output, with all that it calls. */
  readonly maxTokens?: number | undefined;
  /** US dollars, with all that it calls. */
  readonly maxCost?: number | undefined;
}

export interface BudgetOfTask extends TaskBudget {
  readonly taskId: string;
  /** A user began it. */
  readonly isRoot: boolean;
}

type Metadata = Readonly<Record<string, unknown>>;

/** `metadata` with the budget in them. */
export function withBudget(metadata: Metadata, { maxTokens, maxCost }: TaskBudget): Metadata {
  if (maxTokens === undefined && maxCost === undefined) return metadata;
  const before = metadata[TASKS_EXTENSION];
  const budget = { ...(maxTokens === undefined ? {} : { maxTokens }), ...(maxCost === undefined ? {} : { maxCost }) };
  return { ...metadata, [TASKS_EXTENSION]: { ...(typeof before === 'object' ? before : {}), ...budget } };
}

/** Nothing for a task without one. */
export function budgetIn(said: unknown): TaskBudget | undefined {
  if (typeof said !== 'object' || said === null) return undefined;
  const { maxTokens, maxCost } = said as Metadata;
  const budget = {
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
    ...(typeof maxCost === 'number' ? { maxCost } : {}),
  };
  return Object.keys(budget).length === 0 ? undefined : budget;
}

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
