/** Which children an action on several tasks touches as well; the same that the server does. */
import type { Task } from '@continuo/client';
import { canRetry, failureOf, hasEnded, progressOf, stateOf } from '@continuo/client/facts';
import { readDescendants } from './task-queries.js';

export type Action = 'cancel' | 'retry' | 'delete';

/** How many, each once, and none of those that were chosen. */
export async function countChildren(action: Action, tasks: readonly Task[]): Promise<number> {
  const roots = new Set(tasks.map((task) => progressOf(task).rootTaskId ?? task.id));
  const trees = await Promise.all([...roots].map((root) => readDescendants(root)));
  const all = trees.flat();
  const children = (parent: Task): readonly Task[] => all.filter((task) => progressOf(task).parentTaskId === parent.id);
  const touched = new Set<string>();
  const walk = (parent: Task): void => {
    for (const child of children(parent)) {
      if (action === 'retry' && !isRetriedWith(parent, child)) continue;
      if (action !== 'cancel' || !hasEnded(stateOf(child))) touched.add(child.id);
      walk(child);
    }
  };
  for (const task of tasks) walk(task);
  for (const { id } of tasks) touched.delete(id);
  return touched.size;
}

/** The one whose failure failed the parent, and those that were cancelled with it. */
function isRetriedWith(parent: Task, child: Task): boolean {
  const state = stateOf(child);
  if (!canRetry(state)) return false;
  if (failureOf(parent)?.childTaskId === child.id) return true;
  const bothCanceled = state === 'CANCELED' && stateOf(parent) === 'CANCELED';
  return bothCanceled && child.status.timestamp >= parent.status.timestamp;
}
