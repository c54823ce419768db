/** What a task may take of language models, with all that it calls: what a call says about it under the tasks extension. */
import { z } from 'zod';
import { wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import type { TaskBudget } from '@continuo/agent/internal/tasks/task-budget.js';
import { saidInMetadata, type Metadata } from './tasks-metadata.js';

const DOLLARS = 'expected US dollars, more than 0';

export const budgetFields = {
  maxTokens: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .nullish()
    .transform((value) => value ?? undefined)
    .describe('Tokens of input and output that the task may take, with all that it calls.'),
  maxCost: z
    .number({ error: DOLLARS })
    .positive({ error: DOLLARS })
    .nullish()
    .transform((value) => value ?? undefined)
    .describe('US dollars that the task may cost, with all that it calls.'),
};

const budgetSchema = z.object(budgetFields);

/**
 * The least that the agent, the call and its metadata leave it: who calls can't give more than the agent allows. Throws
 * INVALID_ARGUMENT, naming the field.
 */
export function budgetOf(agent: TaskBudget, given: TaskBudget, message: Metadata, request: Metadata): TaskBudget {
  const said = [agent, given, ...saidInMetadata(budgetSchema, message, request)];
  return { maxTokens: least(said, 'maxTokens'), maxCost: least(said, 'maxCost') };
}

function least(said: readonly TaskBudget[], key: keyof TaskBudget): number | undefined {
  const given = said.flatMap((budget) => budget[key] ?? []);
  return given.length === 0 ? undefined : Math.min(...given);
}
