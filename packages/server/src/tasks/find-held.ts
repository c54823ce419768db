/** Finds tasks that have been held for long, and that nobody is about to take up. */
import type { Held } from '@continuo/agent/internal/tasks/fold.js';
import type { Database } from '../platform/database.js';
import { instanceRows } from '../runs/views.js';
import { versionToRun } from './version-to-run.js';

const MOST_AT_ONCE = 500;

export interface HeldTask {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
  readonly held: Held;
}

/**
 * Tasks that are held since `before` or longer, and that every instance which is alive and may run them has tried: what
 * comes back after a long time, or comes with other code, tries first. Where none is alive, the one that asks has been held
 * up for longer than its lease: it joins again, and tries then.
 */
export function findHeldSince(database: Database, before: Date): Promise<readonly HeldTask[]> {
  return database.prepared<HeldTask & Record<string, unknown>>(
    'find-held',
    `SELECT t.id, t.context_id AS "contextId", t.agent, t.held FROM tasks t
     WHERE t.held IS NOT NULL AND t.state = 'WORKING' AND (t.held->>'since')::timestamptz <= $1
       AND EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.lost_at IS NULL)
       AND NOT EXISTS (
         SELECT 1 FROM ${instanceRows} i
         WHERE i.lost_at IS NULL AND NOT i.id = ANY (t.held_by)
           AND (i.agents IS NULL OR EXISTS (${versionToRun('t', 'i.id')})))
     ORDER BY t.tenant, t.owner, t.status_at LIMIT ${MOST_AT_ONCE}`,
    [before.toISOString()],
  );
}
