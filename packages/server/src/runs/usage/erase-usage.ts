/** Removes the calls of deleted tasks; what they add up to stays, without saying of which task or session. */
import type { Queryable } from '../../platform/database.js';
import { tokenColumns } from './recording-calls.js';

const sums = tokenColumns.map((column) => `sum(${column})`).join(', ');
const counted = ['calls', ...tokenColumns, 'cost_nanos', 'unpriced_calls', 'estimated_calls'];

// In one order, so that two of them wait for each other and don't block each other.
const sql = `
WITH gone AS (DELETE FROM model_calls WHERE task_id = ANY ($1::uuid[]) RETURNING *)
INSERT INTO usage_days AS d (tenant, owner, day, agent, model, ${counted.join(', ')})
SELECT tenant, owner, (at AT TIME ZONE 'UTC')::date, agent, model, count(*), ${sums}, coalesce(sum(cost_nanos), 0),
       count(*) FILTER (WHERE cost_nanos IS NULL), count(*) FILTER (WHERE estimated)
FROM gone GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (tenant, owner, day, agent, model) DO UPDATE SET
  ${counted.map((column) => `${column} = d.${column} + EXCLUDED.${column}`).join(', ')}`;

export async function eraseUsage(client: Queryable, taskIds: readonly string[]): Promise<void> {
  await client.query(sql, [taskIds]);
}
