/** Removes tasks and sessions with all that belongs to them, in every room: by policy, or because their owner says so. */
import { recordAudit } from '../auth/audit-log.js';
import { deleteRuns } from '../runs/delete-runs.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, PATIENT_MS, type Database, type Queryable } from '../platform/database.js';
import { deleteSession, deleteSessions } from '../sessions/delete-session.js';
import {
  activeTasks,
  deleteTasks,
  erasedTasks,
  forgetErased,
  lockSessionTasks,
  sessionsOfOnly,
} from '../tasks/delete-tasks.js';
import { deleteWebhooksOf } from '../webhooks/delete-deliveries.js';

/**
 * Removes the tasks with their events, artifacts, deliveries and the results of their steps, in the transaction of
 * `client`. They must have ended.
 */
export async function eraseTasks(client: Queryable, ids: readonly string[]): Promise<void> {
  await deleteTasks(client, ids);
  await deleteWebhooksOf(client, ids);
  await deleteRuns(client, ids);
}

/** Removes what runs stored that had not noticed when their task was deleted. */
export async function clearErased(client: Queryable): Promise<void> {
  const erased = await erasedTasks(client);
  if (erased.length === 0) return;
  await deleteRuns(client, erased);
  await forgetErased(client);
}

/**
 * Removes the session, its messages, its tasks and what these called; false when there is none of the caller's. The
 * session goes first: a task that is opened meanwhile waits for its row, and then opens the session anew instead of being
 * lost with it.
 */
export async function eraseSession(client: Queryable, caller: Caller, contextId: string): Promise<boolean> {
  if (!(await deleteSession(client, caller, contextId))) return false;
  const ids = await lockSessionTasks(client, caller, contextId);
  if (ids.length === 0) return true;
  await deleteSessions(client, await sessionsOfOnly(client, ids));
  await eraseTasks(client, ids);
  return true;
}

export class SessionEraser {
  constructor(private readonly database: Database) {}

  /** The session's tasks that have not ended, oldest first: to be cancelled before `erase`. */
  activeTasks(caller: Caller, contextId: string): Promise<readonly string[]> {
    return orUnavailable(() => activeTasks(this.database, caller, contextId));
  }

  /** `eraseSession` on behalf of the caller. */
  erase(caller: Caller, contextId: string): Promise<boolean> {
    const both = async (client: Queryable): Promise<boolean> => {
      if (!(await eraseSession(client, caller, contextId))) return false;
      await recordAudit(client, { ...caller, action: 'session.deleted', subject: contextId });
      return true;
    };
    return orUnavailable(() => this.database.transaction(both, PATIENT_MS));
  }
}
