/** Deletes tasks with all that belongs to them, and sessions together with their tasks. */
import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../platform/audit-log.js';
import type { Caller } from '../platform/caller.js';
import { Database, orUnavailable, PATIENT_MS, type Queryable } from '../platform/database.js';
import { sessionKey } from '../sessions/append-messages.js';
import { deleteSession } from '../sessions/delete-session.js';

const activeSql = `
SELECT id FROM tasks
WHERE session_id = $1 AND tenant = $2 AND owner = $3
  AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED')
ORDER BY id`;

const tasksSql = 'SELECT id FROM tasks WHERE session_id = $1 AND tenant = $2 AND owner = $3 ORDER BY id';

/** The tasks of a session and what they called, wherever that runs. */
const treesSql = `
WITH RECURSIVE tree AS (
  SELECT id FROM tasks WHERE session_id = $1 AND tenant = $2 AND owner = $3
  UNION SELECT t.id FROM tasks t JOIN tree p ON t.parent_id = p.id)
SELECT id FROM tree ORDER BY id`;

const deleteSql = `
WITH gone AS (DELETE FROM tasks WHERE id = ANY ($1::uuid[]) RETURNING id, status_at),
log AS (DELETE FROM task_events e USING gone g WHERE e.task_id = g.id),
hooks AS (DELETE FROM webhook_endpoints w USING gone g WHERE w.task_id = g.id),
deliveries AS (DELETE FROM webhook_deliveries d USING gone g WHERE d.task_id = g.id),
trees AS (DELETE FROM task_trees r USING gone g WHERE r.root_id = g.id),
feed AS (DELETE FROM task_commits c USING gone g WHERE c.task_id = g.id),
late AS (INSERT INTO erased_tasks (id) SELECT id FROM gone WHERE status_at > now() - interval '1 hour')
DELETE FROM artifacts a USING gone g WHERE a.task_id = g.id`;

/** Where DBOS keeps workflows; only its own schema ties the first to others. */
const runTables = ['workflow_status', 'workflow_input', 'workflow_output', 'operation_outputs'] as const;

/** Sessions that children had to themselves: of all that $1 wrote to, those to which no other task belongs. */
const ownSessionsSql = `
SELECT DISTINCT t.session_id AS id FROM tasks t
WHERE t.id = ANY ($1::uuid[]) AND t.session_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tasks o WHERE o.session_id = t.session_id AND o.id <> ALL ($1::uuid[]))`;

/** The tasks of the caller's session and what they called, oldest first; `inside`: only those that are in it. */
export async function sessionTasks(
  client: Queryable,
  caller: Caller,
  contextId: string,
  inside = false,
): Promise<readonly string[]> {
  const rows = await client.query<{ id: string }>(inside ? tasksSql : treesSql, keys(caller, contextId));
  return rows.map((row) => row.id);
}

/** Removes the tasks with their events, artifacts and the results of their steps. They must have ended. */
export async function deleteTasks(client: Queryable, ids: readonly string[]): Promise<void> {
  await client.query(deleteSql, [ids]);
  await deleteRuns(client, ids);
}

/** Removes what runs stored that had not noticed when their task was deleted. */
export async function clearErased(client: Queryable): Promise<void> {
  const erased = await client.query<{ id: string }>('SELECT id FROM erased_tasks');
  if (erased.length === 0) return;
  await deleteRuns(
    client,
    erased.map((task) => task.id),
  );
  await client.query("DELETE FROM erased_tasks WHERE at < now() - interval '1 hour'");
}

async function deleteRuns(client: Queryable, ids: readonly string[]): Promise<void> {
  for (const table of runTables) await client.query(`DELETE FROM dbos.${table} WHERE workflow_uuid = ANY ($1)`, [ids]);
}

/**
 * The tasks that `find` gives, locked, when it gives no others any more: what is opened meanwhile below one of them is
 * among them, or is not opened.
 */
async function lockTree(client: Queryable, find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  for (let locked = 0; ;) {
    const ids = await find();
    if (ids.length === locked) return ids;
    await client.query('SELECT id FROM tasks WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
    locked = ids.length;
  }
}

/**
 * Removes the session, its messages, its tasks and what these called; false when there is none of the caller's. The
 * session goes first: a task that is opened meanwhile waits for its row, and then opens the session anew instead of being
 * lost with it.
 */
export async function eraseSession(client: Queryable, caller: Caller, contextId: string): Promise<boolean> {
  if (!(await deleteSession(client, caller, contextId))) return false;
  const ids = await lockTree(client, () => sessionTasks(client, caller, contextId));
  if (ids.length === 0) return true;
  const sessions = await client.query<{ id: string }>(ownSessionsSql, [ids]);
  await client.query('DELETE FROM sessions WHERE id = ANY ($1::uuid[])', [sessions.map((row) => row.id)]);
  await deleteTasks(client, ids);
  return true;
}

@Injectable()
export class SessionEraser {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The session's tasks that have not ended, oldest first: to be cancelled before `erase`. */
  async activeTasks(caller: Caller, contextId: string): Promise<readonly string[]> {
    const rows = await orUnavailable(() => this.database.query<{ id: string }>(activeSql, keys(caller, contextId)));
    return rows.map((row) => row.id);
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

function keys(caller: Caller, contextId: string): readonly string[] {
  return [sessionKey(caller, contextId), caller.tenant, caller.owner];
}
