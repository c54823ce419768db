/** Removes tasks and sessions with all that belongs to them, in every room: by policy, or because their owner says so. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isId } from '@continuo/agent/internal/platform/ids.js';
import { isRecorded, recordAudit } from '../auth/audit-log.js';
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
  lockTree,
  sessionsOfOnly,
} from '../tasks/delete-tasks.js';
import { taskNotFound } from '../tasks/task-not-found.js';
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

export class TaskEraser {
  constructor(private readonly database: Database) {}

  /**
   * Removes a task of the caller's that has ended, with all that it called; what was said in the session stays. Once
   * deleted, it is deleted: the owner may ask again. Throws TASK_NOT_FOUND and TASK_NOT_DELETABLE.
   */
  erase(caller: Caller, id: string): Promise<void> {
    if (!isId(id)) throw taskNotFound(id);
    const entry = { ...caller, action: 'task.deleted', subject: id } as const;
    const remove = async (client: Queryable): Promise<void> => {
      const tree = await lockTree(client, caller, id);
      if (tree === undefined) {
        if (await isRecorded(client, entry)) return;
        throw taskNotFound(id);
      }
      if (tree.isChild) throw notDeletable(`Another task called task ${id}: delete that one, and this goes with it.`);
      if (!tree.hasEnded) throw notDeletable(`Task ${id}, or one that it called, has not ended.`);
      await eraseTasks(client, tree.ids);
      await recordAudit(client, { ...entry, details: { agent: tree.agent, children: tree.ids.length - 1 } });
    };
    return orUnavailable(() => this.database.transaction(remove, PATIENT_MS));
  }
}

function notDeletable(message: string): ContinuoError {
  return new ContinuoError('TASK_NOT_DELETABLE', message);
}
