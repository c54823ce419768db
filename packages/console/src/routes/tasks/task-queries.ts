/** The questions that pages ask about tasks. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import type { Task } from '@continuo/client';
import { toTaskQuery, type TaskFilters } from './filters.js';

const PAGE = 100;
/** Pages of descendants that are read; a larger tree is shown as far as it goes. */
const MOST_PAGES = 20;

export function taskPages(filters: TaskFilters) {
  return infiniteQueryOptions({
    queryKey: ['tasks', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call(
        'listTasks',
        { query: { ...toTaskQuery(filters), order: filters.order, pageSize: PAGE, pageToken: pageParam } },
        signal,
      ),
    ...byToken,
    placeholderData: (before) => before,
    // The event stream says when it is.
    staleTime: Infinity,
  });
}

export function oneTask(id: string) {
  return queryOptions({
    queryKey: ['task', id],
    queryFn: ({ signal }) => call('getTask', { path: { id }, query: {} }, signal),
  });
}

/** Everything below a root. */
export function descendants(rootTaskId: string) {
  return queryOptions({
    queryKey: ['tasks', 'tree', rootTaskId],
    queryFn: ({ signal }) => readDescendants(rootTaskId, signal),
  });
}

export async function readDescendants(rootTaskId: string, signal?: AbortSignal): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let pageToken = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call('listTasks', { query: { rootTaskId, pageSize: PAGE, pageToken } }, signal);
    tasks.push(...answer.tasks);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return tasks;
}

export const agentList = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => call('listAgents', {}, signal),
  staleTime: 60_000,
});
