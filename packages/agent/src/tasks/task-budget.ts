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

/** `metadata` with what a call wishes of its task in them; the same where it wishes nothing. */
export function withWishes(metadata: Metadata, wishes: Metadata): Metadata {
  const said = Object.entries(wishes).filter(([, wish]) => wish !== undefined);
  if (said.length === 0) return metadata;
  const before = metadata[TASKS_EXTENSION];
  const all = { ...(typeof before === 'object' ? before : {}), ...Object.fromEntries(said) };
  return { ...metadata, [TASKS_EXTENSION]: all };
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
