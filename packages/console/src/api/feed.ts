/** The one event stream of this tab: everything that happens to the caller's tasks, handed out in small batches. */
import type { StreamResponse } from './schema.generated.js';
import { follow, type Connection } from './stream.js';
import { urlOf } from './client.js';
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

  /** Answers with how to stop. `onGap`: from now on it misses nothing, but what has happened before is unknown. */
  start(onGap: () => void): () => void {
    let gap = true;
    return follow({
      url: urlOf('followTasks'),
      onConnection: (connection) => this.#note(connection),
      onReset: () => (gap = true),
      onEvent: ({ id, event, data }) => {
        if (event === 'open') {
          if (gap) onGap();
          gap = false;
          return;
        }
        // The id of an event is `transaction.task.seq`.
        const [, taskId = '', seq] = id.split('.');
        this.#pending.push({ taskId, seq: Number(seq), response: data as StreamResponse });
        if (this.#timer === undefined) this.#timer = setTimeout(() => this.#flush(), BATCH_MS);
      },
    });
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly watch = this.#watchers.watch;

  readonly connection = (): Connection => this.#connection;

  #note(connection: Connection): void {
    this.#connection = connection;
    this.#watchers.tell();
  }

  #flush(): void {
    this.#timer = undefined;
    const events = this.#pending;
    this.#pending = [];
    for (const listener of this.#listeners) listener(events);
  }
}

export const feed = new EventFeed();
