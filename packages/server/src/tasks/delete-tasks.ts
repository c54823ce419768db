/** Deletes tasks with what this room has of them, and finds the tasks that go with a session. */
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { sessionKey } from '../sessions/append-messages.js';

const ended = `state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')`;

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
log AS (DELETE FROM task_pages p USING gone g WHERE p.task_id = g.id),
runs AS (DELETE FROM task_runs r USING gone g WHERE r.task_id = g.id),
trees AS (DELETE FROM task_trees r USING gone g WHERE r.root_id = g.id),
late AS (INSERT INTO erased_tasks (id) SELECT id FROM gone WHERE status_at > now() - interval '1 hour')
DELETE FROM artifacts a USING gone g WHERE a.task_id = g.id`;

/** Sessions that children had to themselves: of all that $1 wrote to, those to which no other task belongs. */
const ownSessionsSql = `
SELECT DISTINCT t.session_id AS id FROM tasks t
WHERE t.id = ANY ($1::uuid[]) AND t.session_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tasks o WHERE o.session_id = t.session_id AND o.id <> ALL ($1::uuid[]))`;

interface Row extends Record<string, unknown> {
  readonly id: string;
}

/** The tasks of the caller's session and what they called, oldest first; `inside`: only those that are in it. */
export async function sessionTasks(
  client: Queryable,
  caller: Caller,
  contextId: string,
  inside = false,
): Promise<readonly string[]> {
  return idsOf(await client.query<Row>(inside ? tasksSql : treesSql, keys(caller, contextId)));
}

/** The session's tasks that have not ended, oldest first. */
export async function activeTasks(client: Queryable, caller: Caller, contextId: string): Promise<readonly string[]> {
  return idsOf(await client.query<Row>(activeSql, keys(caller, contextId)));
}

/**
 * The tasks of the session and what they called, locked, when there are no others any more: what is opened meanwhile below
 * one of them is among them, or is not opened.
 */
export async function lockSessionTasks(
  client: Queryable,
  caller: Caller,
  contextId: string,
): Promise<readonly string[]> {
  for (let locked = 0; ;) {
    const ids = await sessionTasks(client, caller, contextId);
    if (ids.length === locked) return ids;
    await client.query('SELECT id FROM tasks WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
    locked = ids.length;
  }
}

/** A task with what it called, locked: nothing of it goes on, or is retried, before the transaction has ended. */
export interface LockedTree {
  readonly agent: string;
  readonly isChild: boolean;
  readonly hasEnded: boolean;
  /** Of the task and all that it called, oldest first. */
  readonly ids: readonly string[];
}

/** Undefined when the caller has no such task. */
export async function lockTree(client: Queryable, caller: Caller, id: string): Promise<LockedTree | undefined> {
  const [root] = await client.query<{ agent: string; child: boolean }>(
    `SELECT agent, parent_id IS NOT NULL AS child FROM tasks
     WHERE id = $1 AND tenant = $2 AND owner = $3 FOR UPDATE`,
    [id, caller.tenant, caller.owner],
  );
  if (root === undefined) return undefined;
  const tree = await client.query<{ id: string; ended: boolean }>(
    `SELECT id, ${ended} AS ended FROM tasks WHERE id = $1 OR root_id = $1 ORDER BY id FOR UPDATE`,
    [id],
  );
  return {
    agent: root.agent,
    isChild: root.child,
    hasEnded: tree.every((task) => task.ended),
    ids: tree.map((task) => task.id),
  };
}

/** The keys of the sessions that only these tasks wrote to. */
export async function sessionsOfOnly(client: Queryable, ids: readonly string[]): Promise<readonly string[]> {
  return idsOf(await client.query<Row>(ownSessionsSql, [ids]));
}

/** Removes the tasks with their events and artifacts. They must have ended. */
export async function deleteTasks(client: Queryable, ids: readonly string[]): Promise<void> {
  await client.query(deleteSql, [ids]);
}

/** Tasks that were deleted and whose runs may not have noticed yet. */
export async function erasedTasks(client: Queryable): Promise<readonly string[]> {
  return idsOf(await client.query<Row>('SELECT id FROM erased_tasks'));
}

/** Forgets those whose runs have noticed by now. */
export async function forgetErased(client: Queryable): Promise<void> {
  await client.query("DELETE FROM erased_tasks WHERE at < now() - interval '1 hour'");
}

function idsOf(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => row.id);
}

function keys(caller: Caller, contextId: string): readonly string[] {
  return [sessionKey(caller, contextId), caller.tenant, caller.owner];
}
