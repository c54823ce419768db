/** Finds what waits for a person in a session: a message that names no task is its answer. */
import { waitingStates } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';

/** What is looked for: tasks of `agent` in this context. */
export interface WaitingQuery {
  readonly agent: string;
  readonly contextId: string;
}

/**
 * The caller's one task of the agent that waits for a person in this context, and that no other task has called; undefined
 * when there is none, and when there are several.
 */
export async function findWaiting(
  database: Database,
  { tenant, owner }: Caller,
  { agent, contextId }: WaitingQuery,
): Promise<string | undefined> {
  const rows = await database.query<{ readonly id: string }>(
    `SELECT id FROM tasks WHERE tenant = $1 AND owner = $2 AND context_id = $3 AND agent = $4
       AND state = ANY ($5) AND parent_id IS NULL LIMIT 2`,
    [tenant, owner, contextId, agent, waitingStates],
  );
  return rows.length === 1 ? rows[0]?.id : undefined;
}
