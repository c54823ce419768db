/** `/statistics`: what the caller's tasks do now, and what became of them over the last hours. */
import { Inject } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CLOCK } from '@continuo/agent/internal/platform/tokens.js';
import type { Caller } from '../platform/caller.js';
import type { ErrorStatistics } from '../runs/trace/read-errors.js';
import { TraceService } from '../runs/trace/trace-service.js';
import type { Spent } from '../runs/usage/read-spent.js';
import { UsageService } from '../runs/usage/usage-service.js';
import type { TaskStatistics } from '../tasks/read-statistics.js';
import { TasksService } from '../tasks/tasks-service.js';
import { CallerWith } from './caller.js';
import { moment, text, whole } from './query-parameters.js';
import { ApiController, Get, Query } from './route-decorators.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_HOURS = 720;
const MOST_BUCKETS = 72;
const bucketSizes = [60, 300, 900, 1_800, 3_600, 10_800, 21_600];
const LARGEST_BUCKET = 43_200;

const NOTHING: Spent = { tokens: 0, cost: 0 };

/** Each figure of tasks with what language models took of the same time, and of the same agent. */
export interface Statistics extends Omit<TaskStatistics, 'total' | 'buckets' | 'agents'> {
  readonly total: TaskStatistics['total'] & Spent;
  readonly buckets: readonly (TaskStatistics['buckets'][number] & Spent)[];
  readonly agents: readonly (TaskStatistics['agents'][number] & Spent)[];
}

export const statisticsParameters = z.object({
  hours: whole(1, MOST_HOURS, 24).describe('How far back it goes.'),
  agent: text.describe('As `type/name`; default: all.'),
});

export const errorsParameters = z.object({
  from: moment.describe('Default: 24 hours before `to`.'),
  to: moment.describe('Default: now.'),
  agent: text.describe('As `type/name`; default: all.'),
  pageSize: whole(1, 100, 20).describe('How many kinds at most.'),
});

@ApiController('statistics')
export class StatisticsController {
  constructor(
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(TraceService) private readonly traces: TraceService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How the caller's tasks have failed, those alike together, the most frequent first. */
  @Get('errors')
  errors(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<ErrorStatistics> {
    const { to = this.clock.now(), from = new Date(to.getTime() - DAY_MS), ...rest } = parse(errorsParameters, query);
    if (from > to) throw invalidArgument('from', 'a time before to');
    return this.traces.errors(caller, { from, to, ...rest });
  }

  @Get()
  async read(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<Statistics> {
    const { hours, agent } = parse(statisticsParameters, query);
    const to = this.clock.now();
    const wanted = (hours * HOUR_MS) / MOST_BUCKETS / 1_000;
    const bucketSeconds = bucketSizes.find((size) => size >= wanted) ?? LARGEST_BUCKET;
    const bucketMs = bucketSeconds * 1_000;
    const from = new Date(Math.floor((to.getTime() - hours * HOUR_MS) / bucketMs) * bucketMs);
    const range = { from, to, bucketSeconds, agent };
    const [tasks, spent] = await Promise.all([this.tasks.statistics(caller, range), this.usage.spent(caller, range)]);
    return {
      ...tasks,
      total: { ...tasks.total, ...spent.total },
      buckets: tasks.buckets.map((bucket) => ({ ...bucket, ...(spent.buckets.get(bucket.start) ?? NOTHING) })),
      agents: tasks.agents.map((each) => ({ ...each, ...(spent.agents.get(each.agent) ?? NOTHING) })),
    };
  }
}
