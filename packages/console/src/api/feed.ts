/** The event stream of this browser as this tab has it: everything that happens to the caller's tasks, handed out in small batches. */
import { placeOf, type Connection, type StreamEvent, type StreamResponse } from '@continuo/client';
import { server } from './client.js';
import { followAlone } from './own-stream.js';
import { followTogether, type FeedHandlers } from './shared-stream.js';
import { streamName } from './stream-name.js';
import { Watchers } from './watchers.js';

const BATCH_MS = 100;

/** An event of one of the tasks. */
export interface FeedEvent {
  readonly taskId: string;
  /** Its number in the log of its task. */
  readonly seq: number;
  readonly response: StreamResponse;
}

type Listener = (events: readonly FeedEvent[]) => void;

class EventFeed {
  #connection: Connection = 'connecting';
  #pending: FeedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #watchers = new Watchers();
  readonly #gaps = new Watchers();

  /** Answers with how to stop. */
  start(): () => void {
    const url = server.urlOf('followTasks', {});
    const handlers: FeedHandlers = {
      onConnection: (connection) => this.#note(connection),
      onGap: () => this.#gaps.tell(),
      onEvents: (events) => this.#collect(events),
    };
    let stopped = false;
    let stop: (() => void) | undefined;
    void streamName(url).then((name) => {
      if (stopped) return;
      stop = name === undefined ? followAlone(url, handlers) : followTogether({ url, name, ...handlers });
    });
    return () => {
      stopped = true;
      stop?.();
    };
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells of another connection. */
  readonly watch = this.#watchers.watch;

  /** Tells that from now on nothing is missed, but that what has happened before is unknown: at the beginning, and where events were lost. */
  readonly watchGaps = this.#gaps.watch;

  readonly connection = (): Connection => this.#connection;

  #note(connection: Connection): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#watchers.tell();
  }

  #collect(events: readonly StreamEvent[]): void {
    this.#pending.push(...events.map(({ id, data }) => ({ ...placeOf(id), response: data as StreamResponse })));
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    const events = this.#pending;
    this.#pending = [];
    for (const listener of this.#listeners) listener(events);
  }
}

export const feed = new EventFeed();
