/** Finds trees of tasks that have ended and that nobody has touched for longer than they are kept. */
import type { Queryable } from '../platform/database.js';
import { expiryValues, inScope, type Expiry } from '../platform/expiry.js';

const TREES = 20;

const ended = `state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')`;

export interface ExpiredTrees {
  /** Roots that were looked at; 0: nothing is left. */
  readonly roots: number;
  /** What may go: the roots with all that they called. */
  readonly tasks: readonly { readonly id: string; readonly tenant: string }[];
}

/** Locks a batch of them. */
export async function lockExpiredTrees(client: Queryable, expiry: Expiry): Promise<ExpiredTrees> {
  const roots = await client.query<{ id: string }>(
    `SELECT id FROM tasks t WHERE parent_id IS NULL AND ${ended} AND status_at < $3 AND ${inScope}
       AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.root_id = t.id AND (c.status_at >= $3 OR NOT c.${ended}))
     LIMIT ${TREES} FOR UPDATE SKIP LOCKED`,
    expiryValues(expiry),
  );
  if (roots.length === 0) return { roots: 0, tasks: [] };
  // Locked: what was retried since then, or calls something now, is left alone.
  const trees = await client.query<{ id: string; root: string; tenant: string; ended: boolean }>(
    `SELECT id, coalesce(root_id, id) AS root, tenant, ${ended} AS ended
     FROM tasks WHERE id = ANY ($1::uuid[]) OR root_id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    [roots.map((root) => root.id)],
  );
  const alive = new Set(trees.filter((task) => !task.ended).map(({ root }) => root));
  return { roots: roots.length, tasks: trees.filter(({ root }) => !alive.has(root)) };
}
