/** Finds tasks by what they were made from, and those that should be running. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';

/** The task that `messageId` opened in this context of the caller's. */
export async function findByMessage(
  database: Database,
  caller: Caller,
  contextId: string,
  messageId: string,
): Promise<{ readonly id: string; readonly agent: string } | undefined> {
  const [row] = await database.query<{ id: string; agent: string }>(
    'SELECT id, agent FROM tasks WHERE tenant = $1 AND owner = $2 AND context_id = $3 AND message_id = $4',
    [caller.tenant, caller.owner, contextId, messageId],
  );
  return row;
}

/** Tasks that were accepted, answered or left behind, and that no instance in `alive` is running. */
export async function findWanted(database: Database, alive: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM tasks
     WHERE state IN ('SUBMITTED', 'WORKING')
       AND ((run_token IS NULL AND status_at < now() - interval '1 s') OR NOT run_instance = ANY ($1))
     ORDER BY status_at LIMIT 500`,
    [[...alive]],
  );
  return rows.map((row) => row.id);
}

/** Of runs, the tasks that they don't own any more: ended, released or claimed by another run. */
export async function findOverruled(
  database: Database,
  runs: readonly { readonly taskId: string; readonly token: string }[],
): Promise<readonly string[]> {
  const rows = await database.prepared<{ id: string }>(
    'find-overruled',
    `SELECT r.id FROM json_to_recordset($1) AS r(id uuid, token uuid) LEFT JOIN tasks t ON t.id = r.id
     WHERE t.run_token IS DISTINCT FROM r.token OR t.state NOT IN ('SUBMITTED', 'WORKING')`,
    [JSON.stringify(runs.map(({ taskId, token }) => ({ id: taskId, token })))],
  );
  return rows.map((row) => row.id);
}
