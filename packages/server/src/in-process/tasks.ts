/** `Tasks`: tasks as their owners see them, for programs in the same process. */
import { Inject, Injectable } from '@nestjs/common';
import { SharedAccess } from '../api/shared-access.js';
import { listTasks } from '../api/task-list.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { localCaller, type Caller } from '../platform/caller.js';
import type { RetryFrom } from '../tasks/attempts.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TaskList } from '../tasks/task-list.js';
import { TasksService } from '../tasks/tasks-service.js';
import { asQuery } from './as-query.js';
import type { TaskEvent } from './task-event.js';
import { toTaskEvent } from './task-events.js';
import { keyOf } from './task-input.js';
import { untilLeft } from './until-left.js';
import type { AgentReference } from './typed-answer.js';

export interface TaskQuery {
  readonly agent?: AgentReference | undefined;
  readonly state?: TaskState | undefined;
  /** Only those that fitting code must take up, or only the others. */
  readonly held?: boolean | undefined;
  readonly sessionId?: string | undefined;
  /** Changed after that, ISO 8601. */
  readonly statusTimestampAfter?: string | undefined;
  readonly rootTaskId?: string | undefined;
  readonly parentTaskId?: string | undefined;
  /** Words of what was asked. */
  readonly q?: string | undefined;
  /** 1 to 100. Default: 50. */
  readonly pageSize?: number | undefined;
  /** The `nextPageToken` of the page before. Default: the first page. */
  readonly pageToken?: string | undefined;
  /** Messages of each task's history. Default: 0. */
  readonly historyLength?: number | undefined;
  /** Default: false. */
  readonly includeArtifacts?: boolean | undefined;
  /** By the last change. Default: `desc`, newest first. */
  readonly order?: 'asc' | 'desc' | undefined;
}

/**
 * Everything is refused as over HTTP, with a ContinuoError: TASK_NOT_FOUND for what doesn't exist and for what is somebody
 * else's, UNAVAILABLE while the database is away. The caller is the owner `local` in the tenant `default`, as in `Agents`;
 * `as` acts as another.
 */
@Injectable()
export class Tasks {
  /** @internal */
  constructor(
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(SharedAccess) private readonly access: SharedAccess,
  ) {}

  #caller: Caller = localCaller();

  /** The same, as another caller; `tenant` is `default` unless it is said. */
  as({ tenant = 'default', owner }: Partial<Caller> & Pick<Caller, 'owner'>): Tasks {
    const tasks = new Tasks(this.tasks, this.calls, this.access);
    tasks.#caller = { tenant, owner };
    return tasks;
  }

  /** With its artifacts and the last `historyLength` messages, by default all. */
  async get(id: string, view: { readonly historyLength?: number } = {}): Promise<Task> {
    return (await this.tasks.get(this.#caller, id, { ...view, artifacts: true })).task;
  }

  /** One page; throws INVALID_ARGUMENT for what can't be asked. */
  list({ agent, ...query }: TaskQuery = {}): Promise<TaskList> {
    const asked = asQuery({ ...query, agent: agent === undefined ? undefined : keyOf(agent) });
    return listTasks({ tasks: this.tasks, access: this.access }, this.#caller, asked);
  }

  /** Ends the task and all that it called, for good. Throws TASK_NOT_CANCELABLE for one that has ended. */
  async cancel(id: string, options: { readonly idempotencyKey?: string } = {}): Promise<Task> {
    await this.calls.cancel(this.#caller, id, options);
    return this.get(id);
  }

  /**
   * Begins a new attempt of a task that has failed, was cancelled or is held, from its `failed-step` (the default) or its
   * `start`. Throws UNSUPPORTED_OPERATION for a task in any other state.
   */
  async retry(
    id: string,
    { from = 'failed-step', ...options }: { readonly from?: RetryFrom; readonly idempotencyKey?: string } = {},
  ): Promise<Task> {
    await this.calls.retry(this.#caller, id, { ...options, from });
    return this.get(id);
  }

  /**
   * What has happened to the task behind the event `after` (default: from the first on) and what happens, on whichever
   * instance it runs, until it has ended, `signal` is aborted or the loop is left. None is missed, and none comes twice.
   *
   * @example
   * for await (const event of this.tasks.watch(id)) {
   *   if ('statusUpdate' in event) this.logger.log(event.statusUpdate.status.state);
   * }
   */
  async *watch(
    id: string,
    { after = 0, signal: given }: { readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<TaskEvent, void> {
    await this.tasks.get(this.#caller, id, { historyLength: 0, artifacts: false });
    const events = untilLeft(given, (signal) => this.tasks.follow(id, after, signal));
    for await (const event of events) yield await toTaskEvent(this.tasks, event);
  }
}
