/** The one event stream of this tab: everything that happens to the caller's tasks, handed out in small batches. */
import type { StreamResponse } from './schema.generated.js';
import { follow, type Connection } from './stream.js';
import { urlOf } from './client.js';

const BATCH_MS = 150;

type Listener = (events: readonly StreamResponse[]) => void;

class EventFeed {
  #connection: Connection = 'connecting';
  #pending: StreamResponse[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #watchers = new Set<() => void>();

  /** Answers with how to stop. `onReset`: what was missed is unknown. */
  start(onReset: () => void): () => void {
    return follow({
      url: urlOf('followTasks'),
      onConnection: (connection) => this.#note(connection),
      onReset,
      onEvent: ({ event, data }) => {
        if (event === 'open') return;
        this.#pending.push(data as StreamResponse);
        if (this.#timer === undefined) this.#timer = setTimeout(() => this.#flush(), BATCH_MS);
      },
    });
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly connection = (): Connection => this.#connection;

  #note(connection: Connection): void {
    this.#connection = connection;
    for (const watcher of this.#watchers) watcher();
  }

  #flush(): void {
    this.#timer = undefined;
    const events = this.#pending;
    this.#pending = [];
    for (const listener of this.#listeners) listener(events);
  }
}

export const feed = new EventFeed();
