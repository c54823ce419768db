/** Removes a session with what belongs to it; what still runs in it is cancelled before. */
import type { Acting } from '../agents/intake.js';
import type { Caller } from '../platform/caller.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** A session in which new tasks begin all the time is erased all the same, with them. */
const MOST_ROUNDS = 20;

interface RemovalParts {
  readonly calls: { cancel(caller: Caller, taskId: string, options: Acting): Promise<void> };
  readonly eraser: {
    activeTasks(caller: Caller, contextId: string): Promise<readonly string[]>;
    erase(caller: Caller, contextId: string): Promise<unknown>;
  };
  readonly sessions: { get(caller: Caller, contextId: string): Promise<unknown> };
}

/** Throws SESSION_NOT_FOUND. The audit log has the deletion, and not what it cancels. */
export async function removeSession(parts: RemovalParts, caller: Caller, contextId: string): Promise<void> {
  const { calls, eraser, sessions } = parts;
  await sessions.get(caller, contextId);
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    const active = await eraser.activeTasks(caller, contextId);
    if (active.length === 0) break;
    await Promise.all(active.map((taskId) => calls.cancel(caller, taskId, { by: null }).catch(unlessEnded)));
  }
  await eraser.erase(caller, contextId);
}

/** A child may have ended with its parent, and any task by itself. */
function unlessEnded(error: unknown): void {
  const ended = error instanceof ContinuoError && ['TASK_NOT_CANCELABLE', 'TASK_NOT_FOUND'].includes(error.code);
  if (!ended) throw error;
}
