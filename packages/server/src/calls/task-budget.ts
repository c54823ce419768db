/** What a task may take of language models, with all that it calls: what a call says about it under the tasks extension. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import type { TaskBudget } from '@continuo/agent/internal/tasks/task-budget.js';
import { TASKS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';

type Metadata = Readonly<Record<string, unknown>> | undefined;

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
  const said = [agent, given, saidIn(message, 'message.metadata'), saidIn(request, 'metadata')];
  return { maxTokens: least(said, 'maxTokens'), maxCost: least(said, 'maxCost') };
}

function least(said: readonly TaskBudget[], key: keyof TaskBudget): number | undefined {
  const given = said.flatMap((budget) => budget[key] ?? []);
  return given.length === 0 ? undefined : Math.min(...given);
}

function saidIn(metadata: Metadata, name: string): TaskBudget {
  const said = metadata?.[TASKS_EXTENSION];
  return said === undefined || said === null ? {} : parse(budgetSchema, said, `${name}["${TASKS_EXTENSION}"]`);
}
