/** What a task may take of language models, as its metadata say. */
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
