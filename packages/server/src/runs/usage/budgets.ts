/** Ends what takes more of language models than it may: asked before each call of one, where there is a budget or a limit. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { ModelCall } from '@continuo/agent/internal/runs/usage/model-call.js';
import type { BudgetOfTask } from '@continuo/agent/internal/tasks/task-budget.js';
import { dollars } from '@continuo/agent/internal/tasks/usage.js';
import type { Caller } from '../../platform/caller.js';
import type { Database } from '../../platform/database.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import { readBudgets } from '../../tasks/read-budgets.js';
import { tasksBelow } from '../../tasks/views.js';
import { recordCalls } from './recording-calls.js';
import { countCalls } from './usage-metrics.js';

/** Of one caller, in a day of UTC; 0: any number. */
export interface DayLimits {
  readonly tokensPerDay: number;
  /** US dollars. */
  readonly costPerDay: number;
}

export interface Taken {
  readonly tokens: number;
  /** Billionths of a dollar. */
  readonly nanos: number;
}

interface Limit {
  readonly maxTokens?: number | undefined;
  readonly maxCost?: number | undefined;
}

const sums = 'coalesce(sum(total_tokens), 0)::float8 AS tokens, coalesce(sum(cost_nanos), 0)::float8 AS nanos';

const rootSql = `SELECT ${sums} FROM model_calls WHERE root_id = $1`;
const taskSql = `SELECT ${sums} FROM model_calls WHERE task_id IN ${tasksBelow('$1')}`;
/** Those of deleted tasks, too: whoever deletes a task has not got its tokens back. */
const daySql = `
SELECT sum(tokens)::float8 AS tokens, sum(nanos)::float8 AS nanos FROM (
  SELECT ${sums} FROM model_calls WHERE tenant = $1 AND owner = $2 AND at >= $3::date::timestamp AT TIME ZONE 'UTC'
  UNION ALL SELECT ${sums} FROM usage_days WHERE tenant = $1 AND owner = $2 AND day >= $3::date) d`;

export class Budgets {
  constructor(
    private readonly database: Database,
    private readonly limits: DayLimits,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly metrics?: Metrics,
  ) {}

  /** The budgets of the task and of those above it. */
  of(taskId: string): Promise<readonly BudgetOfTask[]> {
    return readBudgets(this.database, taskId);
  }

  /**
   * Throws TerminalError when one of `budgets`, which bind the task, or the caller's day is used up; `unrecorded` is what
   * the run has taken beside what is stored. Costs nothing where there is no limit.
   */
  async check(
    task: Caller & { readonly id: string },
    budgets: readonly BudgetOfTask[],
    unrecorded: Taken,
  ): Promise<void> {
    for (const budget of budgets) {
      const taken = await this.#taken(budget.isRoot ? rootSql : taskSql, [budget.taskId], unrecorded);
      const whose = budget.taskId === task.id ? 'The task' : `Task ${budget.taskId}, for which this one works,`;
      const over = overrun(budget, taken, { tokens: 'maxTokens', cost: 'maxCost' });
      if (over !== undefined) {
        throw new TerminalError(
          `${whose} may take ${over} of language models with all that it calls; none is asked any more.`,
        );
      }
    }
    const { tokensPerDay, costPerDay } = this.limits;
    if (tokensPerDay === 0 && costPerDay === 0) return;
    const day = this.clock.now().toISOString().slice(0, 10);
    const taken = await this.#taken(daySql, [task.tenant, task.owner, day], unrecorded);
    const limit = { maxTokens: tokensPerDay || undefined, maxCost: costPerDay || undefined };
    const names = { tokens: 'CONTINUO_LIMIT_TOKENS_PER_DAY', cost: 'CONTINUO_LIMIT_COST_PER_DAY' };
    const over = overrun(limit, taken, names);
    if (over === undefined) return;
    throw new TerminalError(`A caller may take ${over} of language models a day; the next day begins at 00:00 UTC.`);
  }

  /** Counts calls of a run that is over, which are in none of its steps; once, however often they are given. */
  async record(calls: readonly ModelCall[]): Promise<void> {
    await recordCalls(this.database, calls);
    if (this.metrics !== undefined) countCalls(this.metrics, calls);
  }

  async #taken(sql: string, values: readonly unknown[], unrecorded: Taken): Promise<Taken> {
    const [stored] = await this.database.query<{ readonly tokens: number; readonly nanos: number }>(sql, values);
    const { tokens = 0, nanos = 0 } = stored ?? {};
    return { tokens: tokens + unrecorded.tokens, nanos: nanos + unrecorded.nanos };
  }
}

/** What may be taken and has been, in words; undefined when there is something left. */
function overrun(
  { maxTokens, maxCost }: Limit,
  { tokens, nanos }: Taken,
  names: { readonly tokens: string; readonly cost: string },
): string | undefined {
  if (maxTokens !== undefined && tokens >= maxTokens) {
    return `${maxTokens} tokens (${names.tokens}) and has taken ${tokens}`;
  }
  const cost = dollars(nanos);
  return maxCost !== undefined && cost >= maxCost
    ? `${maxCost} US dollars (${names.cost}) and has taken ${cost}`
    : undefined;
}
