/** The traces of a task and of the children that are opened: read page by page, and again while they grow. */
import type { TaskTrace } from '@continuo/client';
import { hasEnded } from '@continuo/client/facts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { call } from '../../../api/client.js';
import { feed } from '../../../api/feed.js';
import { Pace } from '../../../api/pace.js';
import { Watchers } from '../../../api/watchers.js';

/** Steps are no events: while a task works, it is asked for them. */
const EVERY_MS = 2_000;
const SOON_MS = 200;
/** One open trace takes at most a tenth of the server's time. */
const PACE = { share: 10, mostMs: 5_000 };
/** A trace that grows is read on by itself up to so many pages; then somebody has to ask. */
const MOST_ALONE = 20;

/** What is known of one task's trace. */
export interface ReadTrace {
  /** In their order, without gaps; empty before the first has come. */
  readonly pages: readonly TaskTrace[];
  readonly reading: boolean;
  readonly error: Error | undefined;
}

export type Traces = ReadonlyMap<string, ReadTrace>;

const UNREAD: ReadTrace = { pages: [], reading: false, error: undefined };

export class TraceStore {
  #traces: Traces = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pace = new Pace(PACE);
  /** When what is stale is read; as `performance.now()` counts. */
  #due = 0;
  #stopped = true;
  readonly #stale = new Set<string>();
  readonly #watchers = new Watchers();

  constructor(private readonly rootId: string) {}

  readonly watch = this.#watchers.watch;

  readonly view = (): Traces => this.#traces;

  start(): () => void {
    this.#stopped = false;
    const unsubscribe = feed.subscribe((events) => {
      for (const { taskId } of events) if (this.#traces.has(taskId)) this.#soon(taskId, SOON_MS);
    });
    const unwatch = feed.watchGaps(() => this.refresh());
    // What it knows from before it was stopped may have changed.
    this.refresh();
    this.open(this.rootId);
    return () => {
      this.#stopped = true;
      unsubscribe();
      unwatch();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Reads its first page, unless that is known or on its way. */
  readonly open = (taskId: string): void => {
    const { pages, reading, error } = this.#of(taskId);
    if (pages.length === 0 && !reading && error === undefined) void this.#read(taskId, 0);
  };

  /** Reads the page behind those that are known. */
  readonly more = (taskId: string): void => {
    const { pages, reading } = this.#of(taskId);
    if (!reading && pages.at(-1)?.nextPageToken !== '') void this.#read(taskId, pages.length);
  };

  /** Asks again for what could not be read, and for what may have changed. */
  readonly refresh = (): void => {
    for (const taskId of this.#traces.keys()) this.#soon(taskId, 0);
  };

  #of(taskId: string): ReadTrace {
    return this.#traces.get(taskId) ?? UNREAD;
  }

  #set(taskId: string, change: Partial<ReadTrace>): void {
    this.#traces = new Map(this.#traces).set(taskId, { ...this.#of(taskId), ...change });
    this.#watchers.tell();
  }

  /** From page `from` on: what is known behind it is read again, and what has come since. */
  async #read(taskId: string, from: number, known = from + 1): Promise<void> {
    this.#set(taskId, { reading: true });
    const pages = this.#of(taskId).pages.slice(0, from);
    try {
      do {
        const pageToken = pages.at(-1)?.nextPageToken ?? '';
        const page = await this.#pace.time(() => call('readTrace', { path: { id: taskId }, query: { pageToken } }));
        const [first] = pages;
        if (first !== undefined && first.attempt !== page.attempt) {
          // Another attempt: what came before it has moved.
          return await this.#read(taskId, 0, known);
        }
        pages.push(page);
      } while (pages.length < known && pages.at(-1)?.nextPageToken !== '');
      this.#set(taskId, { pages, reading: false, error: undefined });
    } catch (error) {
      this.#set(taskId, { reading: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
    const trace = this.#of(taskId).pages.at(-1);
    if (trace !== undefined && trace.state === 'WORKING') this.#soon(taskId, EVERY_MS);
  }

  #soon(taskId: string, ms: number): void {
    if (this.#stopped) return;
    this.#stale.add(taskId);
    const wait = Math.max(ms, this.#pace.waitMs);
    const due = performance.now() + wait;
    if (this.#timer !== undefined && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#readStale(), wait);
  }

  #readStale(): void {
    this.#timer = undefined;
    const stale = [...this.#stale];
    this.#stale.clear();
    // Of a tab that nobody looks at it is read when somebody does.
    for (const id of stale) {
      if (document.hidden) this.#soon(id, EVERY_MS);
      else this.#readAgain(id);
    }
  }

  #readAgain(taskId: string): void {
    const { pages, reading } = this.#of(taskId);
    if (reading) return this.#soon(taskId, SOON_MS);
    const last = pages.at(-1);
    if (last === undefined) return void this.#read(taskId, 0);
    const open = pages.findIndex(({ runs }) => runs.some(({ nodes }) => nodes.some(isOpen)));
    const from = open === -1 ? pages.length - 1 : open;
    // What was whole is kept whole; of what is read by scrolling the next page waits.
    const isWhole = last.nextPageToken === '' && !hasEnded(last.state) && pages.length < MOST_ALONE;
    void this.#read(taskId, from, isWhole ? MOST_ALONE : pages.length);
  }
}

function isOpen({ state, nodes }: TaskTrace['runs'][number]['nodes'][number]): boolean {
  return state === 'waiting' || nodes.some(isOpen);
}

/** Reads them as long as they are `wanted`, and keeps what it has read. */
export function useTraces(rootId: string, wanted: boolean): { readonly store: TraceStore; readonly traces: Traces } {
  const [store] = useState(() => new TraceStore(rootId));
  useEffect(() => (wanted ? store.start() : undefined), [store, wanted]);
  return { store, traces: useSyncExternalStore(store.watch, store.view) };
}
