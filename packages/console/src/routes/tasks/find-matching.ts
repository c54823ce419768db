/** All tasks that match the filters and that an action is possible with, whether the list has loaded them or not. */
import { call } from '../../api/client.js';
import type { Task, TaskList } from '@continuo/client';
import { hasEnded, progressOf, stateOf, canRetry, taskStates, type TaskState } from '@continuo/client/facts';
import { toTaskQuery, type TaskFilters } from './filters.js';
import type { Action } from './touched.js';

const PAGE = 100;
export const MOST_AT_ONCE = 10_000;

export interface Matching {
  readonly tasks: readonly Task[];
  /** There are more than are done at once. */
  readonly more: boolean;
}

export function isPossible(action: Action, task: Task): boolean {
  if (action === 'delete' && progressOf(task).parentTaskId !== undefined) return false;
  return isPossibleIn(action, stateOf(task));
}

function isPossibleIn(action: Action, state: TaskState): boolean {
  if (action === 'delete') return hasEnded(state);
  return action === 'cancel' ? !hasEnded(state) : canRetry(state);
}

/** Only the states are read in which there is something to do. Throws what the API refuses. */
export async function findMatching(
  action: Action,
  filters: TaskFilters,
  { signal, onFound }: { readonly signal: AbortSignal; readonly onFound: (n: number) => void },
): Promise<Matching> {
  const tasks = new Map<string, Task>();
  const { state: only, ...query } = toTaskQuery(filters);
  const states = taskStates.filter((state) => isPossibleIn(action, state) && (only === undefined || only === state));
  for (const state of states) {
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const page: TaskList = await call('listTasks', { query: { ...query, state, pageSize: PAGE, pageToken } }, signal);
      for (const task of page.tasks) if (isPossible(action, task)) tasks.set(task.id, task);
      onFound(tasks.size);
      if (tasks.size > MOST_AT_ONCE) return { tasks: [...tasks.values()].slice(0, MOST_AT_ONCE), more: true };
      pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
    }
  }
  return { tasks: [...tasks.values()], more: false };
}
