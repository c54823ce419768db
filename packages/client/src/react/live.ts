/** What is followed while somebody shows it: one connection, however many look, that ends with the last of them. */
import { ContinuoApiError } from '../api-error.js';
import type { Connection } from '../event-stream.js';

/** Milliseconds between two renderings: an agent that streams says more than can be read. */
const SHOW_EVERY_MS = 50;

/** What a stream tells while it runs. */
export interface Telling<State> {
  readonly signal: AbortSignal;
  readonly show: (state: State) => void;
  readonly onConnection: (connection: Connection) => void;
}

export interface LiveState<State> {
  readonly state: State;
  /** Undefined before the first and after the last connection. */
  readonly connection: Connection | undefined;
  /** What ended the stream; undefined while it runs, and after its own end. */
  readonly error: ContinuoApiError | undefined;
}

export class Live<State> {
  #shown: LiveState<State>;
  #next: LiveState<State>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  readonly #watchers = new Set<() => void>();

  /** `follow` runs until its signal is aborted, and again when somebody looks again. */
  constructor(
    initial: State,
    private readonly follow: (telling: Telling<State>) => Promise<void>,
  ) {
    this.#shown = { state: initial, connection: undefined, error: undefined };
    this.#next = this.#shown;
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    // Each has a function of its own, also where two hand in the same.
    const told = (): void => watcher();
    this.#watchers.add(told);
    if (this.#watchers.size === 1) this.#start();
    return () => {
      this.#watchers.delete(told);
      // StrictMode, and a list that is sorted anew, look away and look again in one turn.
      queueMicrotask(() => {
        if (this.#watchers.size === 0) this.#stop();
      });
    };
  };

  readonly read = (): LiveState<State> => this.#shown;

  /** Follows again from the start after an end. */
  restart(): void {
    this.#stop();
    if (this.#watchers.size > 0) this.#start();
  }

  #start(): void {
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const tell = (change: Partial<LiveState<State>>): void => {
      if (!signal.aborted) this.#showSoon(change);
    };
    tell({ error: undefined });
    const onConnection = (connection: Connection): void => tell({ connection });
    void this.follow({ signal, show: (state) => tell({ state }), onConnection }).then(
      () => tell({ connection: undefined }),
      (error: unknown) => tell({ connection: undefined, error: asApiError(error) }),
    );
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #showSoon(change: Partial<LiveState<State>>): void {
    this.#next = { ...this.#next, ...change };
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#shown = this.#next;
      for (const watcher of this.#watchers) watcher();
    }, SHOW_EVERY_MS);
  }
}

export function asApiError(error: unknown): ContinuoApiError {
  if (error instanceof ContinuoApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ContinuoApiError(0, 'UNKNOWN', message, { cause: error });
}
