/** Deletes a session together with its tasks. */
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { Database, orUnavailable, type Queryable } from '../platform/database.js';
import { sessionKey } from '../sessions/append-messages.js';
import { deleteSession } from '../sessions/delete-session.js';

const activeSql = `
SELECT id FROM tasks
WHERE session_id = $1 AND tenant = $2 AND owner = $3
  AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')
ORDER BY id`;

const deleteSql = `
WITH gone AS (DELETE FROM tasks WHERE session_id = $1 AND tenant = $2 AND owner = $3 RETURNING id),
log AS (DELETE FROM task_events e USING gone g WHERE e.task_id = g.id),
hooks AS (DELETE FROM webhook_endpoints w USING gone g WHERE w.task_id = g.id),
deliveries AS (DELETE FROM webhook_deliveries d USING gone g WHERE d.task_id = g.id),
feed AS (DELETE FROM task_commits c USING gone g WHERE c.task_id = g.id)
DELETE FROM artifacts a USING gone g WHERE a.task_id = g.id`;

@Injectable()
export class SessionEraser {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The session's tasks that have not ended, oldest first: to be cancelled before `erase`. */
  async activeTasks(caller: Caller, contextId: string): Promise<readonly string[]> {
    const rows = await orUnavailable(() => this.database.query<{ id: string }>(activeSql, keys(caller, contextId)));
    return rows.map((row) => row.id);
  }

  /**
   * Removes the session, its messages and its tasks; false when there is none of the caller's. The session goes first:
   * a task that is opened meanwhile waits for its row, and then opens the session anew instead of being lost with it.
   */
  erase(caller: Caller, contextId: string): Promise<boolean> {
    const both = async (client: Queryable): Promise<boolean> => {
      if (!(await deleteSession(client, caller, contextId))) return false;
      await client.query(deleteSql, keys(caller, contextId));
      return true;
    };
    return orUnavailable(() => this.database.transaction(both));
  }
}

function keys(caller: Caller, contextId: string): readonly string[] {
  return [sessionKey(caller, contextId), caller.tenant, caller.owner];
}
