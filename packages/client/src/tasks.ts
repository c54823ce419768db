/** `client.tasks`: the caller's tasks, whatever their agent. */
import { agentPath } from './agent-key.js';
import { ContinuoApiError } from './api-error.js';
import { followFeed, followTask, type FeedOptions, type TaskEvent } from './task-events.js';
import type { StreamOptions } from './event-stream.js';
import { hasEnded, isWaiting } from './fold.js';
import { readBytes, type ReadOptions } from './read-bytes.js';
import { TaskFold } from './task-fold.js';
import { toMessage, type Said } from './said.js';
import type { Operations, Task, TaskCounts, TaskList, TaskLog, TaskSteps, TaskTrace } from './schema.generated.js';
import type { CallOptions, Transport } from './transport.js';

type Query<Id extends keyof Operations> = NonNullable<Operations[Id] extends { query?: infer Q } ? Q : never>;

/** Which tasks are listed; a task must fit all that is given. @useDeclaredType */
export type TaskListQuery = Query<'listTasks'>;
type StepsQuery = Query<'listSteps'>;

/** Whose session a task is in, where somebody else shares it. */
export interface Owned {
  readonly owner?: string | undefined;
}

const SHOW_EVERY_MS = 50;

/** Tasks of any agent: `client.tasks`. */
export class TasksClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, newest change first. */
  list(query: TaskListQuery = {}, options?: CallOptions): Promise<TaskList> {
    return this.transport.call('listTasks', { query }, options);
  }

  /** How many are in each state, of those that `query` lists: exact up to 2,000, and 2,001 for more. */
  counts(query: Query<'countTasks'> = {}, options?: CallOptions): Promise<TaskCounts> {
    return this.transport.call('countTasks', { query }, options);
  }

  /** All of them, page by page. */
  async *listAll(query: TaskListQuery = {}, options?: CallOptions): AsyncGenerator<Task, void> {
    for (let pageToken: string | undefined = query.pageToken; ;) {
      const page: TaskList = await this.list({ ...query, pageToken }, options);
      yield* page.tasks;
      pageToken = page.nextPageToken;
      if (pageToken === '') return;
    }
  }

  /** Throws ContinuoApiError: `TASK_NOT_FOUND`. */
  get(id: string, query: Query<'getTask'> = {}, options?: CallOptions): Promise<Task> {
    return this.transport.call('getTask', { path: { id }, query }, options);
  }

  /** Throws ContinuoApiError: `TASK_NOT_CANCELABLE` for one that has ended. */
  cancel(id: string, { owner, ...options }: CallOptions & Owned = {}): Promise<Task> {
    return this.transport.call('cancelTask', { path: { id }, query: { owner } }, options);
  }

  /** A new attempt of a task that failed, was cancelled or is held: from its failed step on, or from its start. */
  retry(
    id: string,
    { owner, from, ...options }: CallOptions & Owned & { readonly from?: 'failed-step' | 'start' } = {},
  ): Promise<Task> {
    return this.transport.call('retryTask', { path: { id }, query: { owner }, body: { from } }, options);
  }

  /** Deletes a task that has ended, with what it called, for good. Throws ContinuoApiError: `TASK_NOT_DELETABLE`. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.transport.call('deleteTask', { path: { id } }, options);
  }

  /**
   * Answers a task that asks. `task`: as it was read, or its id, and then it is read for its agent. `question`: the `messageId`
   * of the question (`task.status.message`) that is answered. Throws ContinuoApiError: `TASK_GENERATION_MISMATCH` when the task
   * asks no more, or something else; without `question` the answer is for whatever it asks.
   */
  async answer(
    task: string | Task,
    said: Said,
    { owner, question, ...options }: CallOptions & Owned & { readonly question?: string | undefined } = {},
  ): Promise<Task> {
    const asking = typeof task === 'string' ? await this.get(task, { historyLength: 0, owner }, options) : task;
    const path = agentPath(asking.metadata?.agent ?? '');
    const body = { message: { ...toMessage(said), taskId: asking.id }, question };
    return this.transport.call('createTask', { path, query: { owner }, body }, options);
  }

  /**
   * The durable steps that it has finished; with `results` what went in, what came of them and how their attempts failed, page
   * by page (`nextPageToken`), for the task's owner.
   */
  steps(
    id: string,
    { owner, results, pageSize, pageToken, ...options }: CallOptions & StepsQuery = {},
  ): Promise<TaskSteps> {
    return this.transport.call('listSteps', { path: { id }, query: { owner, results, pageSize, pageToken } }, options);
  }

  /**
   * What the task has done, for its owner: its runs, and in them steps, calls, model calls, questions and waits. One page; the
   * next one goes on in the last run of it.
   *
   * @example
   * const { runs } = await client.tasks.trace(id, { depth: 1 });
   * for (const { number, nodes } of runs) for (const { name, state } of nodes) console.log(number, name, state);
   */
  trace(
    id: string,
    { depth, pageSize, pageToken, ...options }: CallOptions & Query<'readTrace'> = {},
  ): Promise<TaskTrace> {
    return this.transport.call('readTrace', { path: { id }, query: { depth, pageSize, pageToken } }, options);
  }

  /** What its agent has logged, for its owner: lines behind number `after`, of `level` and graver. */
  log(id: string, { level, after, pageSize, ...options }: CallOptions & Query<'readTaskLog'> = {}): Promise<TaskLog> {
    return this.transport.call('readTaskLog', { path: { id }, query: { level, after, pageSize } }, options);
  }

  /**
   * The task's log from its first event, or behind `after`, until the task has ended: each event once and in order, however
   * often the connection breaks. Throws ContinuoApiError, and the reason of `signal`.
   *
   * @example
   * for await (const { seq, event } of client.tasks.follow(id)) console.log(seq, event.statusUpdate?.status.state);
   */
  follow(id: string, { owner, ...options }: StreamOptions & Owned = {}): AsyncGenerator<TaskEvent, void> {
    const url = this.transport.urlOf('followTask', { id }, { owner });
    return followTask(this.transport, { ...options, taskId: id, url });
  }

  /** What happens to all of the caller's tasks, from now on or behind `after`. Ends with `signal` alone. */
  events(options: FeedOptions = {}): AsyncGenerator<TaskEvent, void> {
    return followFeed(this.transport, { ...options, url: this.transport.urlOf('followTasks') });
  }

  /**
   * The task as it is, and again whenever something has changed, until it has ended; what changes faster than is read is
   * skipped. The last one is as `get` gives it.
   */
  async *watch(id: string, options: Omit<StreamOptions, 'after'> & Owned = {}): AsyncGenerator<Task, void> {
    const { owner, signal } = options;
    const present = await this.#present(id, options);
    let fold = new TaskFold().know(present.task);
    let { last } = present;
    const onReset = (): void => {
      fold = new TaskFold().know(present.task);
      last = 0;
    };
    let shownAt = 0;
    for await (const { seq, event } of this.follow(id, { ...options, onReset })) {
      fold.add(event);
      // It was like that once: its questions are answered, and its attempts may have been made again.
      if (seq < last) continue;
      const isWord = event.artifactUpdate !== undefined && seq > last;
      if (isWord && performance.now() - shownAt < SHOW_EVERY_MS) continue;
      shownAt = performance.now();
      yield fold.task;
    }
    yield await this.get(id, { owner }, { signal });
  }

  /** The task as soon as it has ended, or asks something. */
  async settled(id: string, options: StreamOptions & Owned = {}): Promise<Task> {
    const { owner, signal } = options;
    for await (const { event } of this.follow(id, options)) {
      const state = event.statusUpdate?.status.state ?? '';
      if (!hasEnded(state) && !isWaiting(state)) continue;
      // What was true at this place of the log may be over by now.
      const task = await this.get(id, { owner }, { signal });
      if (hasEnded(task.status.state) || isWaiting(task.status.state)) return task;
    }
    return this.get(id, { owner }, { signal });
  }

  /** The task without what it has said and made, and the number of its last event; 0 where the server doesn't say. */
  async #present(
    id: string,
    { owner, signal }: Owned & CallOptions,
  ): Promise<{ readonly task: Task; readonly last: number }> {
    const url = this.transport.urlOf('getTask', { id }, { historyLength: 0, includeArtifacts: false, owner });
    const read = async (response: Response) => ({
      task: (await response.json()) as Task,
      last: Number(response.headers.get('last-event-id') ?? 0),
    });
    const present = await this.transport.send(url, {}, { signal }, read);
    // Only of a DELETE.
    if (present === undefined) throw new ContinuoApiError(0, 'UNKNOWN', `Task ${id} was not read.`);
    return present;
  }

  /** The content of an artifact, or of one of its parts, as bytes; what breaks off goes on where it was. */
  artifact(
    id: string,
    artifactId: string,
    { owner, part, ...options }: ReadOptions & Owned & { readonly part?: number } = {},
  ): AsyncGenerator<Uint8Array, void> {
    return readBytes(
      this.transport,
      this.transport.urlOf('readArtifact', { id, artifactId }, { owner, part }),
      options,
    );
  }
}
