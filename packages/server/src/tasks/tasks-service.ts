/** Tasks as their owners see them: read, list, follow, answer, cancel. */
import { Batcher } from '../platform/batcher.js';
import type { Caller } from '../platform/caller.js';
import type { Clock } from '../platform/clock.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { ContinuoError } from '../platform/errors.js';
import { isId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import type { Message } from '../sessions/message.js';
import type { EventLog } from './event-log.js';
import { Feed } from './feed.js';
import { foldOpened, openedEvents, type OpenedTask } from './opened-task.js';
import { findByMessage, findOverruled, findWanted } from './find-tasks.js';
import { listTasks, type TaskFilter, type TaskPage } from './list-tasks.js';
import { readActiveDescendants } from './read-events.js';
import { endOfFeed, type FeedEvent, type FeedPosition, type FeedScope } from './read-feed.js';
import { readTasks, type TaskAt, type TaskQuery, type TaskView } from './read-tasks.js';
import type { Subscriptions } from './subscriptions.js';
import { stateOf, type LogEvent } from './task-event.js';
import { activeStates, isTerminal, isWaiting, waitingStates, type TaskState } from './task-state.js';

/** Events kept in memory to answer with the task that they make; a longer log is read when it is complete. */
const MOST_FOLDED = 200;

export class TasksService {
  readonly #reads: Batcher<TaskQuery, TaskAt | undefined>;
  readonly #feed: Feed;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly subscriptions: Subscriptions,
    private readonly clock: Clock,
    logger: Log,
  ) {
    this.#feed = new Feed(database, subscriptions, clock, logger);
    this.#reads = new Batcher({ run: (queries) => readTasks(database, queries), maxInFlight: 4 });
  }

  /** Throws TASK_NOT_FOUND for what doesn't exist and for what isn't the caller's. */
  async get(caller: Caller, id: string, view: TaskView): Promise<TaskAt> {
    const task = isId(id) ? await orUnavailable(() => this.#reads.submit({ ...view, caller, id })) : undefined;
    if (task === undefined) throw taskNotFound(id);
    return task;
  }

  /** The task that `messageId` opened in this context of the caller's. */
  findByMessage(
    caller: Caller,
    contextId: string,
    messageId: string,
  ): Promise<{ readonly id: string; readonly agent: string } | undefined> {
    return orUnavailable(() => findByMessage(this.database, caller, contextId, messageId));
  }

  /** Ids of tasks that should be running, but that no instance in `alive` runs. */
  wanted(alive: ReadonlySet<string>): Promise<readonly string[]> {
    return findWanted(this.database, alive);
  }

  /** Of runs, the tasks that they don't own any more. */
  overruled(runs: readonly { readonly taskId: string; readonly token: string }[]): Promise<readonly string[]> {
    return findOverruled(this.database, runs);
  }

  list(
    caller: Caller,
    filter: TaskFilter,
    page: TaskView & { readonly size: number; readonly token: string },
  ): Promise<TaskPage> {
    return orUnavailable(() => listTasks(this.database, caller, filter, page));
  }

  /** The events after `afterSeq`, then those to come; see Subscriptions.follow. The caller's right was checked before. */
  follow(taskId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    return this.subscriptions.follow(taskId, afterSeq, signal);
  }

  /** The events of all of the caller's tasks, or of one session, behind `after` (default: from now on), and those to come. */
  async *feed(scope: FeedScope, after: FeedPosition | undefined, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    yield* this.#feed.follow(scope, after ?? (await this.endOfFeed()), signal);
  }

  endOfFeed(): Promise<FeedPosition> {
    return orUnavailable(() => endOfFeed(this.database));
  }

  /** All events of a task that this instance has just opened, from the first on. */
  async *followOpened(task: OpenedTask, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    const first = openedEvents(task);
    const rest = this.subscriptions.follow(task.id, first.length, signal, true);
    yield* first;
    yield* rest;
  }

  /** The task as soon as it has ended or waits for a person; as it is then, when `signal` is aborted before. */
  async settled(caller: Caller, id: string, view: TaskView, signal: AbortSignal): Promise<TaskAt> {
    for await (const event of this.follow(id, 1, signal)) {
      const state = stateOf(event.response);
      if (state === undefined || !isSettled(state)) continue;
      const task = await this.get(caller, id, view);
      // It may have been an earlier question, which has been answered.
      if (isSettled(task.state)) return task;
    }
    return this.get(caller, id, view);
  }

  /** The same for a task that this instance has just opened: what its log brings need not be read again. */
  async settledOpened(caller: Caller, task: OpenedTask, view: TaskView, signal: AbortSignal): Promise<TaskAt> {
    const events: LogEvent[] = [];
    const first = openedEvents(task).length;
    for await (const event of this.subscriptions.follow(task.id, first, signal, true)) {
      if (events.length < MOST_FOLDED) events.push(event);
      const state = stateOf(event.response);
      if (state === 'COMPLETED' && events.at(-1) === event) return foldOpened(task, events, view);
      if (state !== undefined && isSettled(state)) break;
    }
    return this.get(caller, task.id, view);
  }

  /** Gives the task the input that it waits for. Throws UNSUPPORTED_OPERATION when it doesn't wait. */
  async answer(task: TaskAt, message: Message): Promise<void> {
    const { id, contextId } = task.task;
    await orUnavailable(() =>
      this.log.append({
        taskId: id,
        contextId,
        agent: task.agent,
        guard: { states: waitingStates },
        events: [{ kind: 'statusUpdate', key: `answer:${message.messageId}`, state: 'WORKING', userMessage: message }],
        sessionMessages: [message],
        answer: message,
        release: true,
        at: this.clock.now().toISOString(),
      }),
    );
  }

  /**
   * Ends the task and everything that it started, now and for good; answers with the ids of all that it ended.
   * Throws TASK_NOT_CANCELABLE when the task itself had ended before.
   */
  async cancel(caller: Caller, id: string): Promise<readonly string[]> {
    const { task, agent } = await this.get(caller, id, { historyLength: 0, artifacts: false });
    const canceled = await this.#cancelOne({ id, contextId: task.contextId, agent });
    if (!canceled) throw new ContinuoError('TASK_NOT_CANCELABLE', `Task ${id} has already ended.`);
    const below = await orUnavailable(() => readActiveDescendants(this.database, caller, id));
    const ended = await Promise.all(below.map(async (child) => ((await this.#cancelOne(child)) ? [child.id] : [])));
    return [id, ...ended.flat()];
  }

  /** False when the task had ended before. */
  async #cancelOne(task: {
    readonly id: string;
    readonly contextId: string;
    readonly agent: string;
  }): Promise<boolean> {
    try {
      await orUnavailable(() =>
        this.log.append({
          taskId: task.id,
          contextId: task.contextId,
          agent: task.agent,
          guard: { states: activeStates },
          events: [{ kind: 'statusUpdate', key: 'cancel', state: 'CANCELED' }],
          sessionMessages: [],
          release: true,
          at: this.clock.now().toISOString(),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ContinuoError && error.code === 'TASK_ENDED') return false;
      throw error;
    }
  }
}

function isSettled(state: TaskState): boolean {
  return isTerminal(state) || isWaiting(state);
}

/** The same for what doesn't exist and for what isn't the caller's. */
export function taskNotFound(id: string): ContinuoError {
  return new ContinuoError('TASK_NOT_FOUND', `Task ${id} was not found.`);
}
