/** Readers of event logs: each reads from where it stands, then follows. The log is their only source of truth. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { saidBytes, stateOf, type LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Database } from '../platform/database.js';
import { Groups } from '../platform/groups.js';
import type { Log } from '../platform/log.js';
import { Notifications } from '../platform/notifications.js';
import { EVENTS_CHANNEL, scopeMark, toTold } from './channel.js';
import { FeedWaits } from './feed-waits.js';
import { readEvents, readLastSeqs } from './read-events.js';
import { readChangedScopes, type FeedPosition } from './read-feed.js';
import { TaskWaits } from './task-waits.js';

/** What was committed while nothing was heard costs a reader this long at the most. */
const SLOW_POLL_MS = 1_000;
/** While notifications are heard, only every fifth poll asks: one that is lost costs a reader five seconds. */
const POLLS_WHILE_HEARD = 5;

interface Reader {
  /** The last seq that was handed to the reader. */
  seq: number;
  /** What was committed right behind that, as far as it is known without asking. */
  ready: readonly LogEvent[];
  /** What they say, in bytes. */
  readyBytes: number;
  /** The log may be longer than `ready` knows. */
  stale: boolean;
  wake: () => void;
}

/** Events kept for a reader that is busy; a slower one reads them from the log when it gets there. */
const MAX_READY = 500;

export class Subscriptions {
  readonly #readers = new Groups<Reader>();
  readonly #notifications: Notifications;
  readonly #stop = new AbortController();
  /** Those who follow many tasks. */
  readonly feeds = new FeedWaits();
  /** Those who wait for something in one task, and read it by themselves. */
  readonly waits = new TaskWaits();
  /** What was committed before this was looked at for all feeds. */
  #looked: FeedPosition | undefined;
  /** When it was last asked, in polls; how often it had begun to listen, and how many had begun to read until then. */
  #asked = { polls: 0, connections: 0, entered: 0 };
  readonly #listeners = new Set<(ids: readonly string[] | 'any') => void>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#notifications = new Notifications(
      database.servers,
      EVENTS_CHANNEL,
      (payload, pid) => this.#notified(payload, database.isOwnConnection(pid)),
      clock,
      log,
    );
  }

  start(): void {
    this.#running = Promise.all([this.#notifications.run(), this.#poll()]);
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Calls `listener` with the ids of tasks to which another instance has committed something. */
  onCommittedElsewhere(listener: (ids: readonly string[] | 'any') => void): void {
    this.#listeners.add(listener);
  }

  /** Whether it hears of what is committed. */
  get hears(): boolean {
    return this.#notifications.hears;
  }

  /** After a commit of this instance: feeds hear of it as those of others do, and all of them where nothing is heard. */
  tellFeeds(): void {
    if (!this.hears) this.feeds.touch('any', 'committed');
  }

  /** Ends every reader, as if its client had gone. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.feeds.wakeAll();
    for (const reader of this.#readers.items) reader.wake();
    this.#notifications.stop();
    await this.#running;
  }

  /** Called with what this instance has just committed: readers that stand right before it need no query. */
  committed(events: readonly LogEvent[]): void {
    this.tellFeeds();
    for (const [taskId, own] of byTask(events)) {
      // Those who wait for it have nothing in its artifacts, which may come in very many chunks.
      if (!own.every(({ response }) => 'artifactUpdate' in response)) this.waits.touch([taskId]);
      const readers = [...this.#readers.of(taskId)];
      if (readers.length === 0) continue;
      const bytes = own.reduce((sum, { response }) => sum + saidBytes(response), 0);
      for (const reader of readers) {
        const known = reader.ready.at(-1)?.seq ?? reader.seq;
        const room =
          reader.ready.length + own.length <= MAX_READY && reader.readyBytes + bytes <= this.database.shares.bytes;
        if (room && own[0]?.seq === known + 1 && !reader.stale) {
          reader.ready = [...reader.ready, ...own];
          reader.readyBytes += bytes;
        } else reader.stale = true;
        reader.wake();
      }
    }
  }

  /**
   * Every event of the task after `afterSeq`, once and in order, until one ends the task, `signal` is aborted, or the
   * server stops. Slow readers are read for at their own pace. `upToDate`: the log is known to end at `afterSeq`.
   */
  async *follow(
    taskId: string,
    afterSeq: number,
    signal: AbortSignal,
    upToDate = false,
  ): AsyncGenerator<LogEvent, void> {
    const reader: Reader = { seq: afterSeq, ready: [], readyBytes: 0, stale: !upToDate, wake: () => undefined };
    const takeOut = this.#readers.add(taskId, reader);
    const leave = this.database.shares.enter();
    const onAbort = (): void => reader.wake();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted && !this.#stop.signal.aborted) {
        if (reader.ready.length === 0 && reader.stale) await this.#read(taskId, reader);
        const events = takeReady(reader);
        for (const event of events) {
          yield event;
          const state = stateOf(event.response);
          if (state !== undefined && isTerminal(state) && !(await this.#goesOn(event, state))) return;
          if (signal.aborted) return;
        }
        if (events.length === 0 && !this.#hasNews(reader, signal)) await woken(reader);
      }
    } finally {
      leave();
      signal.removeEventListener('abort', onAbort);
      takeOut();
    }
  }

  /** Whether another attempt follows: a task that failed or was cancelled may have been retried since. */
  async #goesOn({ taskId, seq }: LogEvent, state: TaskState): Promise<boolean> {
    if (state !== 'FAILED' && state !== 'CANCELED') return false;
    while (!this.#stop.signal.aborted) {
      try {
        const lastSeq = (await readLastSeqs(this.database, [taskId])).get(taskId) ?? seq;
        if (lastSeq > seq) this.#touch(taskId, lastSeq);
        return lastSeq > seq;
      } catch (error) {
        this.log.debug({ err: messageOf(error), taskId }, 'reading the end of a log failed, will try again');
        await this.clock.sleep(SLOW_POLL_MS, this.#stop.signal).catch(() => undefined);
      }
    }
    return false;
  }

  async #read(taskId: string, reader: Reader): Promise<void> {
    reader.stale = false;
    try {
      const events = await readEvents(this.database, taskId, reader.seq);
      // What was committed while reading came in behind `seq` as well: the log, read again, has it in order.
      if (reader.ready.length > 0 || events.length > 0) reader.stale = true;
      reader.ready = events;
    } catch (error) {
      this.log.debug({ err: messageOf(error), taskId }, 'reading events failed, will try again');
      reader.stale = true;
      await this.clock.sleep(SLOW_POLL_MS, this.#stop.signal).catch(() => undefined);
    }
  }

  #hasNews(reader: Reader, signal: AbortSignal): boolean {
    return reader.stale || reader.ready.length > 0 || signal.aborted || this.#stop.signal.aborted;
  }

  /** Something was committed to this task here that its readers have to read. */
  changed(taskId: string): void {
    this.waits.touch([taskId]);
    this.#touch(taskId, Infinity);
  }

  #notified(payload: string, own: boolean): void {
    const { taskIds: ids, scopes } = toTold(payload);
    this.feeds.touch(scopes, 'committed');
    // Readers of single tasks have been told of what was committed here.
    if (own) return;
    for (const listener of this.#listeners) listener(ids);
    this.waits.touch(ids);
    for (const taskId of ids === 'any' ? this.#readers.keys : ids) this.#touch(taskId, Infinity);
  }

  /** Wakes readers that stand before `lastSeq`. */
  #touch(taskId: string, lastSeq: number): void {
    for (const reader of this.#readers.of(taskId)) {
      const known = reader.ready.at(-1)?.seq ?? reader.seq;
      if (known >= lastSeq) continue;
      reader.stale = true;
      reader.wake();
    }
  }

  async #poll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.clock.sleep(SLOW_POLL_MS, this.#stop.signal).catch(() => undefined);
      if (!this.#mayHaveMissed()) continue;
      try {
        await Promise.all([this.#pollTasks(), this.#pollFeeds()]);
      } catch (error) {
        this.#asked.polls = POLLS_WHILE_HEARD;
        this.log.debug({ err: messageOf(error) }, 'polling for events failed, will try again');
      }
    }
  }

  /** Whoever has just begun to read, or could not, is looked after by the next poll. */
  #mayHaveMissed(): boolean {
    const { connections } = this.#notifications;
    const entered = this.#readers.added + this.waits.entered + this.feeds.entered;
    const polls = this.#asked.polls + 1;
    const heard = this.hears && connections === this.#asked.connections && entered === this.#asked.entered;
    const missed = !heard || polls >= POLLS_WHILE_HEARD || this.feeds.anyWaitsForPoll;
    this.#asked = { polls: missed ? 0 : polls, connections, entered };
    return missed;
  }

  async #pollTasks(): Promise<void> {
    const followed = new Set([...this.#readers.keys, ...this.waits.taskIds]);
    if (followed.size === 0) return;
    for (const [taskId, lastSeq] of await readLastSeqs(this.database, [...followed])) {
      this.#touch(taskId, lastSeq);
      this.waits.polled(taskId, lastSeq);
    }
  }

  /** One question for all feeds; what they have found since they began to wait may be told of once more. */
  async #pollFeeds(): Promise<void> {
    const { scopes } = this.feeds;
    if (scopes.length === 0) {
      this.#looked = undefined;
      return;
    }
    const { changed, now, horizon } = await readChangedScopes(this.database, scopes, this.#looked);
    this.feeds.touch(this.#looked === undefined ? 'any' : changed.map(scopeMark), 'look');
    this.feeds.polled(horizon);
    this.#looked = now;
  }
}

/** What is there for the reader, which then stands behind it. */
function takeReady(reader: Reader): readonly LogEvent[] {
  const { ready } = reader;
  reader.ready = [];
  reader.readyBytes = 0;
  reader.seq = ready.at(-1)?.seq ?? reader.seq;
  return ready;
}

function woken(reader: Reader): Promise<void> {
  return new Promise((resolve) => {
    reader.wake = () => {
      reader.wake = () => undefined;
      resolve();
    };
  });
}

function byTask(events: readonly LogEvent[]): ReadonlyMap<string, readonly LogEvent[]> {
  const groups = new Map<string, LogEvent[]>();
  for (const event of events) {
    const group = groups.get(event.taskId);
    if (group === undefined) groups.set(event.taskId, [event]);
    else group.push(event);
  }
  return groups;
}
