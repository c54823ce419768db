/** `/tasks/:id/trace`, `/tasks/:id/steps` and `/tasks/:id/log`: what a task has done. */
import { Inject } from '@nestjs/common';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import { logLevels } from '@continuo/agent/internal/tasks/agent-log.js';
import type { Caller } from '../platform/caller.js';
import type { LogPage } from '../runs/trace/log-page.js';
import type { StepWithResult } from '../runs/trace/read-step-results.js';
import { TraceService } from '../runs/trace/trace-service.js';
import type { TaskTrace } from '../runs/trace/trace.js';
import type { TaskStep } from '../tasks/read-steps.js';
import { TasksService } from '../tasks/tasks-service.js';
import { CallerWith } from './caller.js';
import { choice, flag, paging, whole } from './query-parameters.js';
import { ApiController, Get, Param, Query } from './route-decorators.js';
import { sharedParameters, SharedAccess } from './shared-access.js';

const MOST_NODES = 2_000;
const MOST_DEPTH = 5;

const pages = {
  ...paging,
  pageSize: whole(1, MOST_NODES, 1_000).describe('How many a page has at most; it ends before at a few MiB.'),
};

export const traceParameters = z.object({
  ...pages,
  depth: whole(0, MOST_DEPTH, 0).describe(
    'How many calls deep the traces of children come along, as far as there is room.',
  ),
});
export const stepsParameters = sharedParameters.extend({
  results: flag(false).describe(
    'true: with inputs, results, errors and attempts, for the owner of the task alone, in pages.',
  ),
  ...pages,
});

const MOST_LINES = 5_000;

export const logParameters = z.object({
  level: choice(logLevels, 'debug').describe('This level and those that are graver.'),
  after: whole(0, MOST_INT, 0).describe('The number of a line: only what came after it.'),
  pageSize: whole(1, MOST_LINES, 1_000).describe('How many lines a page has at most.'),
});

export interface TaskSteps {
  readonly steps: readonly (TaskStep & Partial<Omit<StepWithResult, keyof TaskStep>>)[];
  readonly nextPageToken?: string | undefined;
}

@ApiController('tasks')
export class TaskTracesController {
  constructor(
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(TraceService) private readonly traces: TraceService,
    @Inject(SharedAccess) private readonly access: SharedAccess,
  ) {}

  /** For the task's owner: whoever shares its session sees what was said, not how. */
  @Get(':id/trace')
  trace(@CallerWith('read') caller: Caller, @Param('id') taskId: string, @Query() query: unknown): Promise<TaskTrace> {
    return this.traces.trace(caller, { taskId, ...parse(traceParameters, query) });
  }

  /** What its agent has logged with `task.log`, for the task's owner. */
  @Get(':id/log')
  log(@CallerWith('read') caller: Caller, @Param('id') taskId: string, @Query() query: unknown): Promise<LogPage> {
    return this.traces.log(caller, { taskId, ...parse(logParameters, query) });
  }

  /** The durable steps that it has finished: the last thousand of them, or with their results all, page by page. */
  @Get(':id/steps')
  async steps(
    @CallerWith('read') caller: Caller,
    @Param('id') taskId: string,
    @Query() query: unknown,
  ): Promise<TaskSteps> {
    const { results, pageSize, pageToken } = parse(stepsParameters, query);
    if (results) return this.traces.steps(caller, { taskId, pageSize, pageToken });
    return { steps: await this.tasks.steps(await this.access.toTask(caller, query, taskId, 'read'), taskId) };
  }
}
