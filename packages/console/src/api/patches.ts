/** What events say of tasks, put into whatever was read of them: lists, pages of lists, trees and single tasks. */
import { heldStage, howFarAfter } from '@continuo/client/fold';
import { ERROR_EXTENSION, HELD_EXTENSION, PROGRESS_EXTENSION } from '@continuo/client/extensions';
import { fieldsIn, hasEnded, heldOf, toState } from '@continuo/client/facts';
import type { StreamResponse, Task } from '@continuo/client';

export interface Change {
  readonly taskId: string;
  readonly contextId: string;
  readonly status: Task['status'];
  readonly metadata: Task['metadata'];
  /** It is another state, or a new task, and not only a word on its progress. */
  readonly moved: boolean;
}

/** The newest of each task. */
export type Changes = ReadonlyMap<string, Change>;

/** Undefined for what changes nothing but an artifact. */
export function changeOf({ task, statusUpdate }: StreamResponse): Change | undefined {
  if (task !== undefined) {
    const { id: taskId, contextId, status, metadata } = task;
    return { taskId, contextId, status, metadata, moved: true };
  }
  if (statusUpdate === undefined) return undefined;
  const { taskId, contextId, status, metadata } = statusUpdate;
  const isWord = metadata?.[PROGRESS_EXTENSION] !== undefined && metadata[HELD_EXTENSION] === undefined;
  const moved = status.state !== 'TASK_STATE_WORKING' || !isWord;
  return { taskId, contextId, status, metadata, moved };
}

/** Both in one: a word on the progress is not lost by a state that comes after it. */
export function together(before: Change | undefined, change: Change): Change {
  if (before === undefined) return change;
  const { taskId: id, contextId, status, metadata: said } = before;
  const task = { id, contextId, status, ...(said === undefined ? {} : { metadata: said }) };
  return { ...change, metadata: merged(task, change).metadata };
}

/** The same object where nothing in it has changed. */
export function patched<Data>(data: Data, changes: Changes): Data {
  return patchedAny(data, changes) as Data;
}

function patchedAny(data: unknown, changes: Changes): unknown {
  if (Array.isArray(data)) return each(data, changes);
  if (isTask(data)) return merged(data, changes.get(data.id));
  if (typeof data !== 'object' || data === null) return data;
  // A page of tasks, or a list of such pages.
  for (const name of ['tasks', 'pages']) {
    const before: unknown = Reflect.get(data, name);
    const after = Array.isArray(before) ? each(before, changes) : before;
    if (after !== before) return { ...data, [name]: after };
  }
  return data;
}

function each(all: readonly unknown[], changes: Changes): readonly unknown[] {
  const after = all.map((one) => patchedAny(one, changes));
  return after.some((one, index) => one !== all[index]) ? after : all;
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'id' in data && 'contextId' in data && 'status' in data;
}

function merged(task: Task, change: Change | undefined): Task {
  if (change === undefined || change.status.timestamp < task.status.timestamp) return task;
  const state = toState(change.status.state);
  // What it has made and why it failed has to be read: until then the page shows it as it was.
  if (hasEnded(state) && task.artifacts !== undefined) return task;
  const known = fieldsIn(task.metadata, PROGRESS_EXTENSION);
  const wasHeld = heldOf(task);
  // What a task that is held shows is not what its agent said.
  const shown = { ...known, ...(wasHeld === undefined ? {} : { stage: '' }) };
  const before = {
    fraction: undefined,
    stage: undefined,
    attempt: 1,
    ...shown,
    state: task.status.state,
    held: wasHeld,
  };
  const { state: _state, held, ...howFar } = howFarAfter(before, change);
  const stage = held === undefined ? {} : { stage: heldStage(held) };
  const progress = { ...known, ...howFar, ...stage, ...(state === 'COMPLETED' ? { fraction: 1 } : {}) };
  // What goes on has not failed.
  const { [ERROR_EXTENSION]: _, ...metadata } = task.metadata ?? {};
  const now = { ...metadata, ...change.metadata, [PROGRESS_EXTENSION]: progress };
  // Null where it was said of a task that goes on: what comes of two changes says so as well.
  return {
    ...task,
    status: change.status,
    metadata: HELD_EXTENSION in now ? { ...now, [HELD_EXTENSION]: held ?? null } : now,
  };
}
