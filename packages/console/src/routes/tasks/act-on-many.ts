/** Does the same with many tasks, a few at a time, and tells what became of each. */
import { ContinuoApiError } from '@continuo/client';
import type { Task } from '@continuo/client';
import { call } from '../../api/client.js';
import type { Action } from './touched.js';

const AT_A_TIME = 4;
const MOST_TRIES = 5;
const SECOND_MS = 1_000;

export interface Outcome {
  readonly done: number;
  /** They had ended, or were retried, when it was their turn. */
  readonly moved: number;
  readonly failed: readonly { readonly task: Task; readonly message: string }[];
  /** Whoever stopped it left these as they were. */
  readonly left: number;
}

export async function actOnMany(
  action: Action,
  tasks: readonly Task[],
  { signal, onDone }: { readonly signal: AbortSignal; readonly onDone: (n: number) => void },
): Promise<Outcome> {
  const failed: { readonly task: Task; readonly message: string }[] = [];
  let [done, moved, next] = [0, 0, 0];
  const work = async (): Promise<void> => {
    for (let task = tasks[next]; task !== undefined && !signal.aborted; task = tasks[next]) {
      next += 1;
      try {
        await patiently(() => perform(action, task.id));
        done += 1;
      } catch (error) {
        if (isMoved(error)) moved += 1;
        else failed.push({ task, message: error instanceof Error ? error.message : String(error) });
      }
      onDone(done + moved + failed.length);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { done, moved, failed, left: tasks.length - next };
}

async function perform(action: Action, id: string): Promise<void> {
  if (action === 'cancel') await call('cancelTask', { path: { id } });
  else if (action === 'delete') await call('deleteTask', { path: { id } });
  else await call('retryTask', { path: { id }, body: {} });
}

/** Where the server asks for patience, it gets it. */
async function patiently(act: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await act();
      return;
    } catch (error) {
      const wait = error instanceof ContinuoApiError ? error.retryAfter : undefined;
      if (wait === undefined || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait * SECOND_MS));
    }
  }
}

/** It went with its parent, by itself, or by somebody else. */
function isMoved(error: unknown): boolean {
  const reasons = ['TASK_NOT_CANCELABLE', 'TASK_NOT_DELETABLE', 'UNSUPPORTED_OPERATION', 'TASK_NOT_FOUND'];
  return error instanceof ContinuoApiError && reasons.includes(error.reason);
}
