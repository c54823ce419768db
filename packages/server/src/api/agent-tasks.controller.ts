/** `/agents/:type/:name/tasks`: create, list and cancel the tasks of one agent. */
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import { AgentCalls } from '../calls/agent-calls.js';
import type { Caller } from '../platform/caller.js';
import type { Config } from '../platform/config.js';
import { addressOf } from '../platform/host-header.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../calls/idempotency.js';
import type { BodyLimits } from '../platform/json-body.js';
import { whileWaiting } from '../platform/sse.js';
import type { TaskList } from '../tasks/task-list.js';
import { taskNotFound } from '../tasks/task-not-found.js';
import { TasksService } from '../tasks/tasks-service.js';
import { CallerWith } from './caller.js';
import { parseNewTask, type NewTaskRequest } from './new-task.js';
import { ownKey, SharedAccess, signed } from './shared-access.js';
import { readBody } from '../platform/read-body.js';
import { listTasks } from './task-list.js';
import { ApiController, Delete, Get, Param, Post, Query, Req, Res } from './route-decorators.js';

const everything = { artifacts: true } as const;

@ApiController('agents/:type/:name/tasks')
export class AgentTasksController {
  constructor(
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(TasksService) readonly tasks: TasksService,
    @Inject(SharedAccess) readonly access: SharedAccess,
    @Inject(CONFIG) private readonly config: BodyLimits & Pick<Config, 'blockingTimeoutMs'>,
  ) {}

  /** 201 with the new task; 200 with the one that the message continued, or that it had made before. */
  @Post()
  async create(
    @CallerWith('write') caller: Caller,
    @Param('type') type: string,
    @Param('name') name: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Task> {
    const key = `${type}/${name}`;
    const idempotent = ownKey(idempotencyKey(request.get(IDEMPOTENCY_KEY)), caller, query);
    const body = parseNewTask(await readBody(request, response, this.config), idempotent);
    const whose = await this.#whose(caller, query, body);
    const options = {
      by: caller.owner,
      idempotencyKey: idempotent,
      sessionMustExist: body.sessionId !== undefined || whose !== caller,
      question: body.question,
      startAt: body.startAt,
      priority: body.priority,
      maxTokens: body.maxTokens,
      maxCost: body.maxCost,
      requestUrl: () => addressOf(request),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      ...(whose === caller ? {} : { stateless: false, filesWithin: body.message.contextId ?? '' }),
    };
    const message = signed(body.message, caller, whose);
    const sent = await this.calls.send(whose, key, message, options).catch(async (error: unknown) => {
      if (whose !== caller) await this.#hide(caller, query, { whose, agent: key, message, error });
      throw error;
    });
    // The message may have been sent before: to a task of the owner's that is in no session.
    if (whose !== caller && !sent.created) await this.access.toTask(caller, query, sent.taskId, 'write');
    response.status(sent.created ? 201 : 200);
    if (!body.wait) return this.#task(whose, sent.taskId);
    const settled = await whileWaiting(response, this.config.blockingTimeoutMs, (signal) =>
      this.calls.settled(whose, sent, { view: everything, signal }),
    );
    return settled.task;
  }

  @Get()
  list(
    @CallerWith('read') caller: Caller,
    @Param('type') type: string,
    @Param('name') name: string,
    @Query() query: unknown,
  ): Promise<TaskList> {
    const key = `${type}/${name}`;
    return listTasks(this, caller, query, { agent: key });
  }

  /** Cancels the task; it stays readable. */
  @Delete(':id')
  async cancel(
    @CallerWith('write') caller: Caller,
    @Param('type') type: string,
    @Param('name') name: string,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Task> {
    const key = `${type}/${name}`;
    const whose = await this.access.toTask(caller, query, id, 'write');
    const { agent } = await this.tasks.get(whose, id, { historyLength: 0, artifacts: false });
    if (agent !== key) throw taskNotFound(id);
    await this.calls.cancel(whose, id, { by: caller.owner });
    return this.#task(whose, id);
  }

  /** A refusal that speaks of a task of the owner's is for those alone who may see the task; to others it is not there. */
  async #hide(
    caller: Caller,
    query: unknown,
    refused: { readonly whose: Caller; readonly agent: string; readonly message: Message; readonly error: unknown },
  ): Promise<void> {
    const { whose, agent, message, error } = refused;
    const { contextId, messageId } = message;
    if (!(error instanceof ContinuoError) || error.field !== 'message.messageId' || contextId === undefined) return;
    const earlier = await this.tasks.findByMessage(whose, { contextId, messageId, agent });
    if (earlier !== undefined) await this.access.toTask(caller, query, earlier.id, 'write');
  }

  /** The caller, or who shares the session that the message goes into. */
  #whose(caller: Caller, query: unknown, { message, sessionId }: NewTaskRequest): Promise<Caller> {
    if (message.taskId !== undefined) return this.access.toTask(caller, query, message.taskId, 'write');
    return this.access.toSession(caller, query, sessionId ?? message.contextId ?? '', 'write');
  }

  async #task(caller: Caller, id: string): Promise<Task> {
    return (await this.tasks.get(caller, id, everything)).task;
  }
}
