/** Tasks as their owners see them: read, list, follow, answer, cancel. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { partsBytes, saidBytes, stateOf, type LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled } from '@continuo/agent/internal/tasks/task-state.js';
import type { AnswerRoomOptions } from '../platform/answer-room.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Reader } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { EventLog } from './event-log.js';
import { artifactContent, artifactText, type ArtifactContent, type ContentQuery } from './artifact-content.js';
import { eventText } from './event-text.js';
import { Feed } from './feed.js';
import { findWaiting, type WaitingQuery } from './find-waiting.js';
import { taskNotFound } from './task-not-found.js';
import { foldOpened, MOST_FOLDED, openedEvents, takenOut, type OpenedTask } from './opened-task.js';
import type { WaitingTask } from './find-released.js';
import {
  findByMessage,
  findOverruled,
  findSessionOf,
  findStates,
  hasTasksOf,
  takeNextWanted,
  takeWanted,
  type MessageAddress,
  type OverruledTask,
  type SweepStart,
  type TaskStanding,
  type TaskOfAgent,
  type Taker,
  type WantedPage,
  type WantedTask,
} from './find-tasks.js';
import { countByState, type TaskCounts } from './count-by-state.js';
import { LogBefore } from './log-before.js';
import { LogLookup } from './log-lookup.js';
import { listTasks, type TaskPage, type TaskPageRequest } from './list-tasks.js';
import { answering, type Telling } from './answering.js';
import { findDeserted, readActiveBelow, type ActiveTask } from './active-below.js';
import { cancellation, type Canceling, type EndedTask } from './cancellation.js';
import { Overdue } from './overdue.js';
import { readPages } from './read-events.js';
import { endOfFeed, type FeedEvent, type FeedPosition, type FeedScope } from './read-feed.js';
import { readInbox } from './read-inbox.js';
import { readStatistics, type StatisticsRange, type TaskStatistics } from './read-statistics.js';
import { readSteps, type TaskStep } from './read-steps.js';
import type { TaskAt, TaskView } from './read-tasks.js';
import { Retries, type Retrying } from './retries.js';
import type { Subscriptions } from './subscriptions.js';
import type { Actor } from './task-audit.js';
import type { TaskFilter } from './task-filter.js';
import { TaskReader } from './task-reader.js';

export class TasksService {
  readonly lookup: LogLookup;
  readonly #reader: TaskReader;
  readonly #feed: Feed;
  readonly #retries: Retries;
  readonly #overdue: Overdue;

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly subscriptions: Subscriptions,
    private readonly clock: Clock,
    logger: Log,
    answers: AnswerRoomOptions = {},
  ) {
    this.lookup = new LogLookup(database);
    this.#reader = new TaskReader(database, log.objects, answers, clock);
    this.#feed = new Feed(database, subscriptions, clock, logger, log.metrics);
    const read = (caller: Caller, id: string) => this.get(caller, id, { historyLength: 0, artifacts: false });
    this.#retries = new Retries({ database, log, clock, read });
    this.#overdue = new Overdue(database, log, clock, logger);
  }

  /** Throws TASK_NOT_FOUND for what doesn't exist and for what isn't the caller's. */
  async get(caller: Caller, id: string, view: TaskView): Promise<TaskAt> {
    const task = isId(id) ? await this.#reader.read({ caller, id, ...view }) : undefined;
    if (task === undefined) throw taskNotFound(id);
    return task;
  }

  /** What fits into a page of it, with artifacts and history; undefined for a task that is not there. */
  beginning(caller: Caller, id: string): Promise<TaskAt | undefined> {
    return this.#reader.beginning({ caller, id, artifacts: true });
  }

  /** Tasks with what they made, by their ids, together no more than one answer carries; see TaskReader. */
  together(caller: Caller, ids: readonly string[]): Promise<ReadonlyMap<string, TaskAt>> {
    return this.#reader.together(caller, ids);
  }

  /** The task that a message opened in this context of the caller's: that of `agent` before that of any other. */
  findByMessage(caller: Caller, message: MessageAddress): Promise<TaskOfAgent | undefined> {
    return orUnavailable(() => findByMessage(this.database, caller, message));
  }

  /** The one task that waits for a person there; undefined for none and for several. */
  waitingIn(caller: Caller, query: WaitingQuery): Promise<string | undefined> {
    return orUnavailable(() => findWaiting(this.database, caller, query));
  }

  /** Whether the caller has tasks of the agent. */
  hasOf(caller: Caller, agent: string): Promise<boolean> {
    return orUnavailable(() => hasTasksOf(this.database, caller, agent));
  }

  /** The key of the session in which the caller's task is; undefined for one that is in none, or isn't the caller's. */
  async sessionOf(caller: Caller, id: string): Promise<string | undefined> {
    return isId(id) ? orUnavailable(() => findSessionOf(this.database, caller, id)) : undefined;
  }

  /** Of these tasks those that should be running. */
  takeWanted(taker: Taker, ids: readonly string[]): Promise<readonly WantedTask[]> {
    return takeWanted(this.database, taker, ids);
  }

  /** Tasks that should be running, of all that there are, page by page. */
  takeNextWanted(taker: Taker, from: SweepStart, size: number): Promise<WantedPage> {
    return takeNextWanted(this.database, taker, from, size);
  }

  /** Of runs, the tasks that they don't own any more. */
  overruled(runs: readonly { readonly taskId: string; readonly token: string }[]): Promise<readonly OverruledTask[]> {
    return findOverruled(this.database, runs);
  }

  /** How far these tasks are, by their ids. The caller's right was checked before. */
  states(ids: readonly string[]): Promise<ReadonlyMap<string, TaskStanding>> {
    return orUnavailable(() => findStates(this.database, ids));
  }

  /** The beginning of what the task's artifact holds as text, at most so many bytes; empty when there is none. */
  saidIn(taskId: string, artifactId: string, mostBytes: number): Promise<string> {
    return artifactText(this.database, this.log.objects, { taskId, artifactId, part: undefined }, mostBytes);
  }

  /** A page ends at so many tasks or so many bytes. */
  async list(caller: Caller, filter: TaskFilter, page: TaskPageRequest): Promise<TaskPage> {
    const request = { ...page, mostBytes: this.database.shares.mostBytes };
    const { rows, ...rest } = await orUnavailable(() => listTasks(this.database.reading(), caller, filter, request));
    return { ...rest, tasks: await Promise.all(rows.map((row) => this.#reader.whole(row, page))) };
  }

  /** How many of them are in each state. */
  counts(caller: Caller, filter: TaskFilter): Promise<TaskCounts> {
    return orUnavailable(() => countByState(this.database.reading(), caller, filter));
  }

  /** What became of the tasks that changed since `range.from`, and how many there are now. */
  statistics(caller: Caller, range: StatisticsRange): Promise<TaskStatistics> {
    return orUnavailable(() => readStatistics(this.database.reading(), caller, range));
  }

  /** The events after `afterSeq`, then those to come; see Subscriptions.follow. The caller's right was checked before. */
  follow(taskId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    return this.subscriptions.follow(taskId, afterSeq, signal);
  }

  /** The events after `afterSeq` up to `lastSeq`. The caller's right was checked before. */
  async *events(taskId: string, afterSeq: number, lastSeq: number): AsyncGenerator<LogEvent, void> {
    for await (const page of readPages(this.database, taskId, afterSeq, lastSeq)) yield* page;
  }

  /** What the log says up to the event `seq`. The caller's right was checked before. */
  before(taskId: string, seq: number): LogBefore {
    return new LogBefore(this.database, taskId, seq);
  }

  /** An event as JSON, piece by piece. */
  text(event: LogEvent, database: Reader = this.database): AsyncGenerator<string, void> {
    return eventText(database, this.log.objects, event);
  }

  /** The content of an artifact as a file. Throws TASK_NOT_FOUND and ARTIFACT_NOT_FOUND. */
  async content(caller: Caller, query: ContentQuery): Promise<ArtifactContent> {
    await this.get(caller, query.taskId, { historyLength: 0, artifacts: false });
    const content = await artifactContent(this.database, this.log.objects, query);
    if (content !== undefined) return content;
    const part = query.part === undefined ? '' : ` with a part ${query.part}`;
    throw new ContinuoError('ARTIFACT_NOT_FOUND', `Task ${query.taskId} has no artifact ${query.artifactId}${part}.`);
  }

  /** The durable steps that its runs have finished, oldest first. Throws TASK_NOT_FOUND. */
  async steps(caller: Caller, id: string): Promise<readonly TaskStep[]> {
    await this.get(caller, id, { historyLength: 0, artifacts: false });
    return orUnavailable(() => readSteps(this.database, caller, id));
  }

  /** The events of all of the caller's tasks, or of one session, behind `after`, and those to come. */
  feed(scope: FeedScope, after: FeedPosition, signal: AbortSignal): AsyncGenerator<FeedEvent, void> {
    return this.#feed.follow(scope, after, signal);
  }

  endOfFeed(): Promise<FeedPosition> {
    return orUnavailable(() => endOfFeed(this.database));
  }

  /** All events of a task that this instance has just opened: `first`, which are taken out of it, and those behind. */
  followOpened(taskId: string, first: LogEvent[], signal: AbortSignal): AsyncGenerator<LogEvent, void> {
    return takenOut(first, this.subscriptions.follow(taskId, first.length, signal, true));
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

  /** The task as soon as it has an event behind `seq`; as it is then, when `signal` is aborted before. */
  async beyond(
    caller: Caller,
    id: string,
    { view, seq }: { readonly view: TaskView; readonly seq: number },
    signal: AbortSignal,
  ): Promise<TaskAt> {
    const events = this.follow(id, seq, signal);
    try {
      await events.next();
    } finally {
      await events.return();
    }
    return this.get(caller, id, view);
  }

  /** The same for a task that this instance has just opened: what its log brings need not be read again. */
  async settledOpened(caller: Caller, task: OpenedTask, view: TaskView, signal: AbortSignal): Promise<TaskAt> {
    const events: LogEvent[] = [];
    let bytes = partsBytes(task.message.parts);
    const first = openedEvents(task).length;
    for await (const event of this.subscriptions.follow(task.id, first, signal, true)) {
      bytes += event.large === true ? MOST_FOLDED.bytes : saidBytes(event.response);
      if (events.length < MOST_FOLDED.events && bytes <= MOST_FOLDED.bytes) events.push(event);
      const state = stateOf(event.response);
      if (state === 'COMPLETED' && events.at(-1) === event && task.running) return foldOpened(task, events, view);
      if (state !== undefined && isSettled(state)) break;
    }
    return this.get(caller, task.id, view);
  }

  /**
   * Gives the task the input that it waits for. Throws UNSUPPORTED_OPERATION when somebody else has answered, and
   * TASK_GENERATION_MISMATCH and INVALID_ARGUMENT as `deliver` does.
   */
  async answer(
    task: TaskAt,
    message: Message,
    { inConversation = false, atSeq, by }: Telling & { readonly by: Actor },
  ): Promise<void> {
    const at = this.clock.now().toISOString();
    await orUnavailable(() => this.log.append(answering(task, message, { inConversation, atSeq, by, at })));
  }

  /**
   * Answers, on nobody's behalf, the questions that nobody answered in time; `leftBehind`: ends the wait, too, for children
   * that wait no more, of which nobody has told. The tasks whose runs go on.
   */
  endOverdueWaits(leftBehind: boolean): Promise<readonly string[]> {
    return this.#overdue.endWaits(leftBehind);
  }

  /** The task goes on, as the child whose question it asked has got its answer; false when it does already. */
  release(task: WaitingTask): Promise<boolean> {
    return this.#overdue.release(task);
  }

  /** Ends tasks as FAILED that are held for longer than that, and that no instance alive is still to try. */
  failHeld(timeoutMs: number): Promise<void> {
    return this.#overdue.failHeld(timeoutMs);
  }

  /**
   * Begins a new attempt of a task that is FAILED, CANCELED or held, and before it one of the child that made it fail, or
   * of those that were cancelled with it; answers with the ids of all that go on.
   * Throws UNSUPPORTED_OPERATION for a task in any other state, or when somebody else has retried it.
   */
  retry(caller: Caller, id: string, retrying: Retrying): Promise<readonly string[]> {
    return this.#retries.retry(caller, id, retrying);
  }

  /**
   * Hands the message to the agent that works on the task. Throws UNSUPPORTED_OPERATION when its state has changed,
   * TASK_GENERATION_MISMATCH when `atSeq` is not its last event, and INVALID_ARGUMENT when it is too much beside what was
   * said to it before.
   */
  async deliver(task: TaskAt, message: Message, { inConversation = false, atSeq }: Telling = {}): Promise<void> {
    const { id, contextId } = task.task;
    const { agent, state } = task;
    await orUnavailable(() =>
      this.log.append({
        taskId: id,
        contextId,
        agent,
        guard: { states: [state], seq: atSeq },
        events: [{ kind: 'statusUpdate', key: `inbox:${message.messageId}`, state, userMessage: message }],
        sessionMessages: inConversation ? [] : [message],
        inbox: message,
        at: this.clock.now().toISOString(),
      }),
    );
  }

  /** The messages that came while the task worked, behind the first `taken`; at most `most`, by default all. */
  inbox(taskId: string, taken: number, most?: number): Promise<readonly Message[]> {
    return readInbox(this.database, taskId, taken, most);
  }

  /** For whoever looks at the task by itself, and waits for news of it in between. */
  waitFor(taskId: string): ReturnType<Subscriptions['waits']['enter']> {
    return this.subscriptions.waits.enter(taskId);
  }

  /**
   * Ends the task itself, now and for good; `cancelBelow` ends what it called. Throws TASK_NOT_CANCELABLE when it had ended
   * before.
   */
  async cancel(caller: Caller, id: string, how: Omit<Canceling, 'at'>): Promise<void> {
    const { task, agent } = await this.get(caller, id, { historyLength: 0, artifacts: false });
    const canceled = await this.#cancelOne({ id, contextId: task.contextId, agent }, how);
    if (!canceled) throw new ContinuoError('TASK_NOT_CANCELABLE', `Task ${id} has already ended.`);
  }

  /**
   * Ends all that has not ended below a task which has, however fast that grows: it looks again until nothing is left, and
   * what has ended can call nothing more. `canceled` is told of what was ended, each time.
   */
  async cancelBelow(id: string, canceled: (tasks: readonly ActiveTask[]) => Promise<void>): Promise<void> {
    await this.#cancelAll(() => readActiveBelow(this.database, id), canceled);
  }

  /** The same below all tasks that have failed or were cancelled: for what a process that died has left behind. */
  async cancelDeserted(canceled: (tasks: readonly ActiveTask[]) => Promise<void>): Promise<void> {
    await this.#cancelAll(() => findDeserted(this.database), canceled);
  }

  /** What has not ended below the task, at this moment. */
  activeBelow(id: string): Promise<readonly ActiveTask[]> {
    return orUnavailable(() => readActiveBelow(this.database, id));
  }

  /** Ends these tasks, and all that they have called. */
  async cancelThese(
    tasks: readonly ActiveTask[],
    canceled: (tasks: readonly ActiveTask[]) => Promise<void>,
  ): Promise<void> {
    const ended = await Promise.all(tasks.map(async (task) => ((await this.#cancelOne(task)) ? [task] : [])));
    await canceled(ended.flat());
    for (const { id } of tasks) await this.cancelBelow(id, canceled);
  }

  async #cancelAll(
    find: () => Promise<readonly ActiveTask[]>,
    canceled: (tasks: readonly ActiveTask[]) => Promise<void>,
  ): Promise<void> {
    for (;;) {
      const active = await orUnavailable(find);
      if (active.length === 0) return;
      const ended = await Promise.all(active.map(async (task) => ((await this.#cancelOne(task)) ? [task] : [])));
      await canceled(ended.flat());
    }
  }

  /** False when the task had ended before, or is gone. */
  async #cancelOne(task: EndedTask, how: Omit<Canceling, 'at'> = { key: 'cancel', by: null }): Promise<boolean> {
    try {
      await orUnavailable(() => this.log.append(cancellation(task, { ...how, at: this.clock.now().toISOString() })));
      return true;
    } catch (error) {
      if (error instanceof ContinuoError && ['TASK_ENDED', 'TASK_NOT_FOUND'].includes(error.code)) return false;
      throw error;
    }
  }
}
