/** What waits for people: tasks that ask or want a sign-in, and tasks that are held; and what waits for programs instead. */
import { queryOptions, useQueries } from '@tanstack/react-query';
import { compare } from '../formats.js';
import { call } from '../api/client.js';
import type { Task } from '@continuo/client';
import { asksItsProgram, heldOf, isWaiting, progressOf, stateOf } from '@continuo/client/facts';

const MOST = 100;

const waiting = (['INPUT_REQUIRED', 'AUTH_REQUIRED'] as const).map((state) =>
  queryOptions({
    queryKey: ['tasks', 'needs-you', state],
    queryFn: ({ signal }) => call('listTasks', { query: { state, order: 'asc', pageSize: MOST } }, signal),
  }),
);

const held = queryOptions({
  queryKey: ['tasks', 'needs-you', 'held'],
  queryFn: ({ signal }) => call('listTasks', { query: { held: true, order: 'asc', pageSize: MOST } }, signal),
});

export interface NeedsYou {
  /** The one that has waited longest comes first. */
  readonly tasks: readonly Task[];
  /** Those that wait for tools which their client runs: its program answers them, and nobody else is asked. */
  readonly ofPrograms: readonly Task[];
  readonly isPending: boolean;
  readonly error: Error | null;
  /** There are more than these. */
  readonly more: boolean;
}

/** Kept up to date by the event stream, as all that is read of tasks. */
export function useNeedsYou(): NeedsYou {
  return useQueries({ queries: [...waiting, held], combine: combined });
}

type Answer = { readonly tasks: readonly Task[]; readonly nextPageToken: string };

function combined(
  all: readonly { readonly data: Answer | undefined; readonly isPending: boolean; readonly error: Error | null }[],
): NeedsYou {
  const tasks = new Map<string, Task>();
  for (const task of all.flatMap(({ data }) => data?.tasks ?? [])) if (needsSomebody(task)) tasks.set(task.id, task);
  const oldestFirst = [...tasks.values()].toSorted((a, b) => compare(a.status.timestamp, b.status.timestamp));
  return {
    tasks: oldestFirst.filter((task) => !asksItsProgram(task)),
    ofPrograms: oldestFirst.filter(asksItsProgram),
    isPending: all.some(({ isPending }) => isPending),
    error: all.find(({ error }) => error !== null)?.error ?? null,
    more: all.some(({ data }) => data !== undefined && data.nextPageToken !== ''),
  };
}

/** What a child asks, its root asks as well; what it is held for, only it says. */
function needsSomebody(task: Task): boolean {
  return heldOf(task) !== undefined || (isWaiting(stateOf(task)) && progressOf(task).parentTaskId === undefined);
}
