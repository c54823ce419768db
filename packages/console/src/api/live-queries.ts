/** Keeps what is shown in step with the event stream: known tasks are changed in place, everything else is read again now and then. */
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import { feed, type FeedEvent } from './feed.js';
import { changeOf, patched, together, type Change } from './patches.js';
import { readAgain } from './read-again.js';

const READ_EVERY_MS = 1_500;
/** The first change after a while is read a moment later, with what comes together with it. */
const SOON_MS = 150;
/** Pages of a list that are read again when something has changed; a longer one is only marked as stale. */
export const LIVE_PAGES = 3;
/** What was read while its task went on is older than the events that came meanwhile. */
const MOST_REMEMBERED = 1_000;

/** Answers with how to stop. */
export function keepLive(client: QueryClient): () => void {
  const reading = new Reading(client);
  const newest = new Map<string, Change>();
  const cache = client.getQueryCache();
  const patch = (query: Query): void => {
    const data: unknown = patched(query.state.data, newest);
    // Not as if it had been read: what is out of date stays so.
    if (data !== query.state.data) query.setState({ data });
  };
  const remember = (events: readonly FeedEvent[]): readonly Change[] => {
    const changes = events.map(({ response }) => changeOf(response)).filter((change) => change !== undefined);
    for (const change of changes) {
      const before = newest.get(change.taskId);
      newest.delete(change.taskId);
      newest.set(change.taskId, together(before, change));
    }
    for (const id of newest.keys()) {
      if (newest.size <= MOST_REMEMBERED) break;
      newest.delete(id);
    }
    return changes;
  };
  const unsubscribe = feed.subscribe((events) => {
    const changes = remember(events);
    if (changes.length > 0) for (const query of cache.findAll({ predicate: isOfTasks })) patch(query);
    for (const { moved, taskId, contextId } of changes) {
      if (moved) reading.again(['tasks'], ['task', taskId], ['messages', contextId], ['sessions']);
    }
  });
  const forgetRead = cache.subscribe(({ type, query, ...event }) => {
    const isRead = type === 'updated' && 'action' in event && event.action.type === 'success';
    if (isRead && isOfTasks(query)) patch(query);
  });
  const unwatch = feed.watchGaps(() => void readAgain(client));
  const stop = feed.start();
  return () => {
    for (const end of [unsubscribe, forgetRead, unwatch, stop]) end();
    reading.stop();
  };
}

function isOfTasks({ queryKey: [kind, ...rest] }: Pick<Query, 'queryKey'>): boolean {
  return kind === 'tasks' || (kind === 'task' && rest.length === 1);
}

/** Reads again what is out of date: soon, but not too often, and never while it is still being read. */
class Reading {
  readonly #stale = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;

  constructor(private readonly client: QueryClient) {}

  again(...keys: readonly (readonly string[])[]): void {
    for (const key of keys) this.#stale.add(JSON.stringify(key));
    this.#timer ??= setTimeout(() => void this.#read(), Math.max(SOON_MS, this.#notBefore - performance.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    const keys = [...this.#stale].map((key) => JSON.parse(key) as string[]);
    this.#stale.clear();
    // Of a tab that nobody looks at the browser reads it when somebody does.
    const refetchType = document.hidden ? 'none' : 'active';
    await Promise.all(
      keys.flatMap((queryKey) => [
        readAgain(this.client, { queryKey, predicate: (query) => !isLong(query), refetchType }),
        this.client.invalidateQueries({ queryKey, predicate: isLong, refetchType: 'none' }),
      ]),
    );
    this.#notBefore = performance.now() + READ_EVERY_MS;
    this.#timer = undefined;
    if (this.#stale.size > 0) this.again();
  }
}

function isLong({ state }: Query): boolean {
  const { pages } = (state.data ?? {}) as Partial<InfiniteData<unknown>>;
  return (pages?.length ?? 0) > LIVE_PAGES;
}
