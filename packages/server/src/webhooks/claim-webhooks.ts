/** Which instance delivers to which webhook: a lease on its row, over when it ends or its instance is lost. */
import { instanceRows } from '../runs/views.js';
import type { Database } from '../platform/database.js';

const claimSql = `
WITH RECURSIVE waiting AS (
  (SELECT endpoint_id FROM webhook_deliveries WHERE status = 'pending' ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.endpoint_id FROM webhook_deliveries d
          WHERE d.status = 'pending' AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1)
  FROM waiting w WHERE w.endpoint_id IS NOT NULL
),
free AS (
  SELECT w.id FROM webhook_endpoints w
  WHERE w.id = ANY (ARRAY(SELECT endpoint_id FROM waiting)) AND w.state = 'active'
    AND (w.claimed_by IS NULL OR w.claimed_until < now()
         OR NOT EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = w.claimed_by AND i.lost_at IS NULL))
    AND EXISTS (SELECT 1 FROM webhook_deliveries d
                WHERE d.endpoint_id = w.id AND d.status = 'pending' AND d.next_at <= now())
  -- Weaker than a deletion's lock: the statements that record deliveries go on meanwhile.
  FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE webhook_endpoints w SET claimed_by = $1, claimed_until = now() + $2 * interval '1 ms'
FROM free WHERE w.id = free.id AND EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = $1 AND i.lost_at IS NULL)
RETURNING w.id`;

/** Claims every webhook that has something due and that no living instance holds; their ids. */
export async function claimWebhooks(
  database: Database,
  instanceId: string,
  leaseMs: number,
): Promise<readonly string[]> {
  const rows = await database.prepared<{ id: string }>('claim-webhooks', claimSql, [instanceId, leaseMs]);
  return rows.map((row) => row.id);
}

/** Lengthens the leases; the ids of those that are still this instance's. */
export async function renewClaims(
  database: Database,
  instanceId: string,
  ids: readonly string[],
  leaseMs: number,
): Promise<ReadonlySet<string>> {
  const rows = await database.prepared<{ id: string }>(
    'renew-webhooks',
    `UPDATE webhook_endpoints SET claimed_until = now() + $3 * interval '1 ms'
     WHERE id = ANY ($1) AND claimed_by = $2 RETURNING id`,
    [ids, instanceId, leaseMs],
  );
  return new Set(rows.map((row) => row.id));
}

export async function releaseClaims(database: Database, instanceId: string, ids: readonly string[]): Promise<void> {
  await database.prepared(
    'release-webhooks',
    'UPDATE webhook_endpoints SET claimed_by = NULL, claimed_until = NULL WHERE id = ANY ($1) AND claimed_by = $2',
    [ids, instanceId],
  );
}
