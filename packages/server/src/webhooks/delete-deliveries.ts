/** Removes what webhooks were told, and were to be told: when it is old, and when its task is deleted. */
import type { Queryable } from '../platform/database.js';
import { expiryValues, inScope, MOST_EXPIRED, type Expire } from '../platform/expiry.js';

/** What was delivered or given up, and its attempts. */
export const expireDeliveries: Expire = async (client, expiry) => {
  const gone = await client.query(
    `DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM webhook_deliveries WHERE created_at < $3 AND ${inScope} AND status <> 'pending'
       LIMIT ${MOST_EXPIRED} FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
    expiryValues(expiry),
  );
  return gone.length;
};

/** Removes the push configs of the tasks, and all deliveries of their events. */
export async function deleteWebhooksOf(client: Queryable, taskIds: readonly string[]): Promise<void> {
  await client.query(
    `WITH hooks AS (DELETE FROM webhook_endpoints WHERE task_id = ANY ($1::uuid[]))
     DELETE FROM webhook_deliveries WHERE task_id = ANY ($1::uuid[])`,
    [taskIds],
  );
}
