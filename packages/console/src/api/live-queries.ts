/** Keeps what is shown in step with the event stream: known tasks are changed in place, lists are read again now and then. */
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import { PROGRESS } from '../tasks/extensions.js';
import { fieldsIn } from '../tasks/task-facts.js';
import { feed, type FeedEvent } from './feed.js';
import type { StreamResponse, Task, TaskList } from './schema.generated.js';

const LIST_EVERY_MS = 1_500;
/** Pages of a list that are read again when something has changed; a longer one is only marked as stale. */
export const LIVE_PAGES = 3;

type TaskPages = InfiniteData<TaskList>;

/** Answers with how to stop. */
export function keepLive(client: QueryClient): () => void {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = (...keys: readonly (readonly string[])[]): void => {
    for (const key of keys) stale.add(JSON.stringify(key));
    timer ??= setTimeout(() => {
      timer = undefined;
      const keysNow = [...stale].map((key) => JSON.parse(key) as string[]);
      stale.clear();
      for (const queryKey of keysNow) {
        void client.invalidateQueries({ queryKey, predicate: (query) => !isLong(query) });
        void client.invalidateQueries({ queryKey, predicate: isLong, refetchType: 'none' });
      }
    }, LIST_EVERY_MS);
  };
  const unsubscribe = feed.subscribe((events) => {
    const changes = newestOf(events);
    for (const query of client.getQueryCache().findAll({ queryKey: ['tasks', 'list'] })) {
      const pages = patched(query.state.data as TaskPages | undefined, changes);
      // Not as if it had been read: a list that is out of date stays so.
      if (pages !== query.state.data) query.setState({ data: pages });
    }
    for (const event of events) {
      const change = changeOf(event.response);
      if (change === undefined) continue;
      const { contextId, moved } = change;
      if (moved) refresh(['tasks'], ['task', change.taskId], ['messages', contextId], ['sessions']);
    }
  });
  const stop = feed.start(() => void client.invalidateQueries());
  return () => {
    unsubscribe();
    stop();
    clearTimeout(timer);
  };
}

function isLong({ state }: Query): boolean {
  const { pages } = (state.data ?? {}) as Partial<InfiniteData<unknown>>;
  return (pages?.length ?? 0) > LIVE_PAGES;
}

interface Change {
  readonly taskId: string;
  readonly contextId: string;
  readonly status: Task['status'];
  readonly metadata: Task['metadata'];
  /** It is another state, or a new task, and not only a word on its progress. */
  readonly moved: boolean;
}

function changeOf({ task, statusUpdate }: StreamResponse): Change | undefined {
  if (task !== undefined) {
    const { id: taskId, contextId, status, metadata } = task;
    return { taskId, contextId, status, metadata, moved: true };
  }
  if (statusUpdate === undefined) return undefined;
  const { taskId, contextId, status, metadata } = statusUpdate;
  const moved = status.state !== 'TASK_STATE_WORKING' || metadata?.[PROGRESS] === undefined;
  return { taskId, contextId, status, metadata, moved };
}

function newestOf(events: readonly FeedEvent[]): ReadonlyMap<string, Change> {
  return new Map(
    events
      .map(({ response }) => changeOf(response))
      .filter((change) => change !== undefined)
      .map((change) => [change.taskId, change]),
  );
}

function patched(data: TaskPages | undefined, changes: ReadonlyMap<string, Change>): TaskPages | undefined {
  if (data === undefined || changes.size === 0) return data;
  let touched = false;
  const pages = data.pages.map((page) => {
    if (!page.tasks.some(({ id }) => changes.has(id))) return page;
    touched = true;
    return { ...page, tasks: page.tasks.map((task) => merged(task, changes.get(task.id))) };
  });
  return touched ? { ...data, pages } : data;
}

function merged(task: Task, change: Change | undefined): Task {
  if (change === undefined || change.status.timestamp < task.status.timestamp) return task;
  const known = fieldsIn(task.metadata, PROGRESS);
  const said = fieldsIn(change.metadata, PROGRESS);
  return { ...task, status: change.status, metadata: { ...task.metadata, [PROGRESS]: { ...known, ...said } } };
}
