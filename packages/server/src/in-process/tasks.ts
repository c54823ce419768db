/** `Tasks`: tasks as their owners see them, for programs in the same process. */
import { Inject, Injectable } from '@nestjs/common';
import { SharedAccess } from '../api/shared-access.js';
import { listTasks } from '../api/task-list.js';
import { logParameters, traceParameters } from '../api/task-traces.controller.js';
import { retryBody } from '../api/tasks.controller.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { TaskEraser } from '../retention/erase.js';
import { localCaller } from '../platform/caller.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { historyLength, wholeNumber } from '@continuo/agent/internal/platform/ranges.js';
import { onlyFields, requireKnown } from '../platform/known-fields.js';
import type { LogPage } from '../runs/trace/log-page.js';
import { TraceService } from '../runs/trace/trace-service.js';
import type { TaskTrace } from '../runs/trace/trace.js';
import type { RetryFrom } from '../tasks/attempts.js';
import type { LogLevel } from '@continuo/agent/internal/tasks/agent-log.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TaskList } from '../tasks/task-list.js';
import { TasksService } from '../tasks/tasks-service.js';
import { asQuery } from './as-query.js';
import { onceFields, onceOptions, toCaller, type ActingAs, type Once } from './options.js';
import type { TaskEvent } from './task-event.js';
import { toTaskEvent } from './task-events.js';
import { keyOf } from './task-input.js';
import { untilLeft } from './until-left.js';
import type { AgentReference } from './typed-answer.js';

/** Which tasks are listed; a task must fit all that is given. */
export interface TaskQuery {
  /** A class with `@A2AAgent`, or `type/name`. Default: all agents. */
  readonly agent?: AgentReference | undefined;
  /** Default: any. */
  readonly state?: TaskState | undefined;
  /** True: those that fitting code must take up; false: all others. Default: both. */
  readonly held?: boolean | undefined;
  readonly sessionId?: string | undefined;
  /** Those whose state has changed after that: ISO 8601 with an offset, as `2026-01-31T12:00:00Z`. */
  readonly statusTimestampAfter?: string | undefined;
  /** Those whose state has not changed since: a time as above. */
  readonly statusTimestampBefore?: string | undefined;
  /** True: those that no task has called; false: those that one has. Default: both. */
  readonly topLevel?: boolean | undefined;
  /** That task, and all that it and those below it have called. */
  readonly rootTaskId?: string | undefined;
  /** What a task has called itself. */
  readonly parentTaskId?: string | undefined;
  /** Words of what was asked, up to 400 characters. */
  readonly q?: string | undefined;
  /** 1 to 100. Default: 50. */
  readonly pageSize?: number | undefined;
  /** The `nextPageToken` of the page before, which is empty on the last. Default: the first page. */
  readonly pageToken?: string | undefined;
  /** How many messages of each task's history come along, the newest. Default: 0. */
  readonly historyLength?: number | undefined;
  /** Default: false. */
  readonly includeArtifacts?: boolean | undefined;
  /** By the last change. Default: `desc`, newest first. */
  readonly order?: 'asc' | 'desc' | undefined;
}

/** How much of a task is answered. */
export interface TaskView {
  /** How many messages of the history come along, the newest; a whole number. Default: all. */
  readonly historyLength?: number | undefined;
}

/** Where a new attempt begins. */
export interface TaskRetry extends Once {
  /** `failed-step` keeps what was finished, `start` begins anew. Default: `failed-step`. */
  readonly from?: RetryFrom | undefined;
}

/** Where the events of a task begin, and what ends them. */
export interface TaskWatch {
  /** The `seq` of the last event that is known. Default: 0, from the first event on. */
  readonly after?: number | undefined;
  /** Ends the loop. */
  readonly signal?: AbortSignal | undefined;
}

/** How much of a trace is read. */
export interface TaskTraceOptions {
  /** How many calls deep the traces of children come along, 0 to 5. Default: 0. */
  readonly depth?: number | undefined;
  /** 1 to 2000. Default: 1000. */
  readonly pageSize?: number | undefined;
  /** The `nextPageToken` of the page before. Default: the first page. */
  readonly pageToken?: string | undefined;
}

/** Which lines of a task's log are read. */
export interface TaskLogOptions {
  /** This level and those that are graver. Default: `debug`, all. */
  readonly level?: LogLevel | undefined;
  /** The number of a line: only what came after it. Default: 0, all. */
  readonly after?: number | undefined;
  /** 1 to 5000. Default: 1000. */
  readonly pageSize?: number | undefined;
}

const queryNames = {
  agent: true,
  state: true,
  held: true,
  sessionId: true,
  statusTimestampAfter: true,
  statusTimestampBefore: true,
  topLevel: true,
  rootTaskId: true,
  parentTaskId: true,
  q: true,
  pageSize: true,
  pageToken: true,
  historyLength: true,
  includeArtifacts: true,
  order: true,
} as const satisfies Record<keyof TaskQuery, true>;

const viewing = onlyFields({ historyLength: historyLength.optional() });
const retrying = onlyFields({ ...retryBody.shape, ...onceFields });
const place = wholeNumber();
const tracing = onlyFields(traceParameters.shape);
const readingLog = onlyFields(logParameters.shape);

/**
 * The tasks of a caller: whatever agents were asked for, over A2A, the HTTP API or `Agents`, by anybody who acts as that
 * caller.
 *
 * Everything is refused as over HTTP, with a ContinuoError, and nothing has changed then: TASK_NOT_FOUND for what doesn't
 * exist and for what is somebody else's, INVALID_ARGUMENT with its `field` (there are no options but those listed),
 * UNAVAILABLE while the database is away. The caller is the owner `local` in the tenant `default`, as in `Agents`; `as`
 * acts as another.
 *
 * @example
 * const { tasks } = await this.tasks.list({ agent: RefundsAgent, state: 'INPUT_REQUIRED' });
 * for (const { id } of tasks) await this.tasks.cancel(id);
 */
@Injectable()
export class Tasks {
  /** @internal */
  constructor(
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(TaskEraser) private readonly eraser: TaskEraser,
    @Inject(SharedAccess) private readonly access: SharedAccess,
    @Inject(TraceService) private readonly traces: TraceService,
  ) {}

  #caller = localCaller();

  /**
   * The same, as another caller: whose tasks they are. Nothing is asked for that would prove it; that is the application's
   * to know.
   *
   * @throws ContinuoError: INVALID_ARGUMENT for an owner or tenant that is empty or longer than 256 characters.
   * @example
   * const task = await this.tasks.as({ owner: user.id }).get(taskId);
   */
  as(caller: ActingAs): Tasks {
    const tasks = new Tasks(this.tasks, this.calls, this.eraser, this.access, this.traces);
    tasks.#caller = toCaller(caller);
    return tasks;
  }

  /**
   * A task as A2A has it, as it is now, with its artifacts and the last `historyLength` messages, by default all.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, INVALID_ARGUMENT.
   * @example
   * const { status, artifacts } = await this.tasks.get(taskId, { historyLength: 0 });
   */
  async get(id: string, view: TaskView = {}): Promise<Task> {
    return (await this.tasks.get(this.#caller, id, { ...parse(viewing, view), artifacts: true })).task;
  }

  /**
   * One page, and how many there are of all pages (`totalSize`).
   *
   * @throws ContinuoError: INVALID_ARGUMENT, and AGENT_INVALID for a class without `@A2AAgent`.
   * @example
   * const { tasks, totalSize } = await this.tasks.list({ agent: RefundsAgent, state: 'FAILED', pageSize: 10 });
   */
  async list(query: TaskQuery = {}): Promise<TaskList> {
    requireKnown(query, queryNames);
    const { agent } = query;
    const asked = asQuery({ ...query, agent: agent === undefined ? undefined : keyOf(agent) });
    return listTasks({ tasks: this.tasks, access: this.access }, this.#caller, asked);
  }

  /**
   * Ends the task and all that it called, for good, and answers with it. What runs is told by its `signal`.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, and TASK_NOT_CANCELABLE for one that has ended.
   * @example
   * await this.tasks.cancel(taskId);
   */
  async cancel(id: string, options: Once = {}): Promise<Task> {
    await this.calls.cancel(this.#caller, id, parse(onceOptions, options));
    return this.get(id);
  }

  /**
   * Deletes a task that has ended, with all that it called, for good: events, artifacts, steps. What was said in its session
   * stays, and what language models cost stays counted. Once deleted, it may be deleted again.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, and TASK_NOT_DELETABLE for one that has not ended or that another task called.
   * @example
   * await this.tasks.delete(taskId);
   */
  async delete(id: string): Promise<void> {
    await this.eraser.erase(this.#caller, id);
  }

  /**
   * What the task has done: its runs, and in them steps, calls, model calls, questions and waits. One page, as
   * `GET /tasks/:id/trace` gives it.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, INVALID_ARGUMENT.
   * @example
   * const { runs } = await this.tasks.trace(taskId, { depth: 1 });
   */
  async trace(id: string, options: TaskTraceOptions = {}): Promise<TaskTrace> {
    return this.traces.trace(this.#caller, { taskId: id, ...parse(tracing, asQuery(options)) });
  }

  /**
   * What the task's agent has logged with `task.log`, oldest first; `next` is what `after` is for the next page.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, INVALID_ARGUMENT.
   * @example
   * const { lines } = await this.tasks.log(taskId, { level: 'warn' });
   */
  async log(id: string, options: TaskLogOptions = {}): Promise<LogPage> {
    return this.traces.log(this.#caller, { taskId: id, ...parse(readingLog, asQuery(options)) });
  }

  /**
   * Begins a new attempt of a task that has failed, was cancelled or is held, from its `failed-step` (the default) or its
   * `start`, and answers with it as it is then; `watch` tells what comes of it.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, INVALID_ARGUMENT, and UNSUPPORTED_OPERATION for a task in any other state.
   * @example
   * await this.tasks.retry(taskId, { from: 'start' });
   */
  async retry(id: string, options: TaskRetry = {}): Promise<Task> {
    await this.calls.retry(this.#caller, id, parse(retrying, options));
    return this.get(id);
  }

  /**
   * What has happened to the task behind the event `after` (default: from the first on) and what happens, on whichever
   * instance it runs, until it has ended, `signal` is aborted or the loop is left. None is missed, and none comes twice;
   * whoever keeps the last `seq` goes on behind it after a restart.
   *
   * @throws ContinuoError: TASK_NOT_FOUND, INVALID_ARGUMENT.
   * @example
   * for await (const event of this.tasks.watch(taskId)) {
   *   if ('statusUpdate' in event) this.logger.log(event.statusUpdate.status.state);
   * }
   */
  async *watch(id: string, options: TaskWatch = {}): AsyncGenerator<TaskEvent, void> {
    requireKnown(options, { after: true, signal: true });
    const { after = 0, signal: given } = options;
    parse(place, after, 'after');
    await this.tasks.get(this.#caller, id, { historyLength: 0, artifacts: false });
    const events = untilLeft(given, (signal) => this.tasks.follow(id, after, signal));
    for await (const event of events) yield await toTaskEvent(this.tasks, event);
  }
}
