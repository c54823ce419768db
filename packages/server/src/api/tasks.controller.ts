/** `/tasks`: the caller's tasks across all agents. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { AgentCalls } from '../calls/agent-calls.js';
import type { Caller } from '../platform/caller.js';
import { CallerLimits } from '../platform/caller-limits.js';
import type { Config } from '../platform/config.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { onlyFields } from '../platform/known-fields.js';
import { TaskEraser } from '../retention/erase.js';
import { closedSignal, lastEventId, refuseBeyondEnd, beginStream, type SseFrame } from '../platform/sse.js';
import type { TaskList } from '../tasks/task-list.js';
import { TasksService } from '../tasks/tasks-service.js';
import { CallerWith } from './caller.js';
import { sendFeed } from './send-feed.js';
import { sendFile } from './send-file.js';
import { ownKey, sharedParameters, SharedAccess } from './shared-access.js';
import { flag, historyLength, index } from './query-parameters.js';
import { readBody } from '../platform/read-body.js';
import type { TaskCounts } from '../tasks/count-by-state.js';
import { countTasks, listTasks } from './task-list.js';
import { ApiController, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from './route-decorators.js';

export const viewParameters = sharedParameters.extend({
  historyLength,
  includeArtifacts: flag(true).describe('false: the task comes without its artifacts.'),
});
export const eventsParameters = sharedParameters.extend({
  follow: flag(true).describe('false: the stream ends where the log ends now.'),
});
export const artifactParameters = sharedParameters.extend({
  part: index.describe('One part of it, counted from 0; default: all of it.'),
});
export const retryBody = onlyFields({
  from: z
    .enum(['failed-step', 'start'], { error: "expected 'failed-step' or 'start'" })
    .nullish()
    .transform((value) => value ?? 'failed-step'),
});

@ApiController('tasks')
export class TasksController {
  constructor(
    @Inject(TasksService) readonly tasks: TasksService,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(TaskEraser) private readonly eraser: TaskEraser,
    @Inject(SharedAccess) readonly access: SharedAccess,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(CONFIG) private readonly config: BodyLimits & Pick<Config, 'sseHeartbeatMs'>,
  ) {}

  @Get()
  list(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<TaskList> {
    return listTasks(this, caller, query);
  }

  /** How many tasks are in each state. */
  @Get('counts')
  count(@CallerWith('read') caller: Caller, @Query() query: unknown): Promise<TaskCounts> {
    return countTasks(this, caller, query);
  }

  /** The events of all of the caller's tasks as one SSE stream, from now on or after `Last-Event-ID`. */
  @Get('events')
  async allEvents(
    @CallerWith('read') caller: Caller,
    @Headers('last-event-id') header: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    this.limits.countStream(caller, response);
    await sendFeed(this.tasks, { caller }, header, response, this.config);
  }

  @Get(':id')
  async read(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Task> {
    const { includeArtifacts: artifacts, ...view } = parse(viewParameters, query);
    const whose = await this.access.toTask(caller, query, id, 'read');
    const { task, lastSeq } = await this.tasks.get(whose, id, { ...view, artifacts });
    response.setHeader('Last-Event-ID', String(lastSeq));
    return task;
  }

  /**
   * The task's log as SSE, after `Last-Event-ID`, until the task has ended; 204 for whoever has seen all of it. With
   * `follow=false` it ends where the log ends now.
   */
  @Get(':id/events')
  async events(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers('last-event-id') header: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const { follow } = parse(eventsParameters, query);
    const check = (): Promise<Caller> => this.access.toTask(caller, query, id, 'read');
    const whose = await this.access.whileOpen(caller, response, check);
    const after = lastEventId(header) ?? 0;
    const { state, lastSeq } = await this.tasks.get(whose, id, { historyLength: 0, artifacts: false });
    refuseBeyondEnd(after, lastSeq);
    if (after === lastSeq && (isTerminal(state) || !follow)) {
      response.status(204).end();
      return;
    }
    this.limits.countStream(caller, response);
    const signal = closedSignal(response);
    const events = follow ? this.tasks.follow(id, after, signal) : this.tasks.events(id, after, lastSeq);
    const frames = toFrames(this.tasks, events);
    beginStream(response, frames, { heartbeatMs: this.config.sseHeartbeatMs, signal });
  }

  /** The content of an artifact as a file, or of one of its parts, counted from 0. */
  @Get(':id/artifacts/:artifactId')
  async artifact(
    @CallerWith('read') caller: Caller,
    @Param('id') taskId: string,
    @Param('artifactId') artifactId: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { part } = parse(artifactParameters, query);
    const check = (): Promise<Caller> => this.access.toTask(caller, query, taskId, 'read');
    const whose = await this.access.whileOpen(caller, response, check);
    const content = await this.tasks.content(whose, { taskId, artifactId, part });
    this.limits.countStream(caller, response);
    await sendFile(request, response, content);
  }

  /** Deletes a task of the caller's own that has ended, with what it called. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerWith('write') caller: Caller, @Param('id') id: string): Promise<void> {
    await this.eraser.erase(caller, id);
  }

  @Post(':id\\:cancel')
  @HttpCode(200)
  async cancel(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Headers(IDEMPOTENCY_KEY) key: string | undefined,
  ): Promise<Task> {
    const whose = await this.access.toTask(caller, query, id, 'write');
    await this.calls.cancel(whose, id, {
      by: caller.owner,
      idempotencyKey: ownKey(idempotencyKey(key), caller, query),
    });
    return (await this.tasks.get(whose, id, { artifacts: true })).task;
  }

  /** A new attempt of a task that has failed, was cancelled or is held, `from` its `failed-step` (the default) or its `start`. */
  @Post(':id\\:retry')
  @HttpCode(200)
  async retry(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Task> {
    const whose = await this.access.toTask(caller, query, id, 'write');
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const body = await readBody(request, response, this.config);
    const { from } = parse(retryBody, body ?? {});
    await this.calls.retry(whose, id, { by: caller.owner, from, idempotencyKey: ownKey(key, caller, query) });
    return (await this.tasks.get(whose, id, { artifacts: true })).task;
  }
}

async function* toFrames(tasks: TasksService, events: AsyncIterable<LogEvent>): AsyncGenerator<SseFrame, void> {
  for await (const event of events) {
    yield { id: event.seq, data: event.response, ...(event.large === true ? { pieces: tasks.text(event) } : {}) };
  }
}
