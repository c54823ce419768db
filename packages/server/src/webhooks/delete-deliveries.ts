/** Removes what webhooks were told, and were to be told: when it is old, and when its task or its webhook is deleted. */
import type { Queryable } from '../platform/database.js';
import { expiryValues, inScope, MOST_EXPIRED, type Expire } from '../platform/expiry.js';
import { tellsOfChange } from './channel.js';

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

/** Deliveries that one statement removes. */
const MOST_AT_ONCE = 1_000;

const pageSql = `
WITH page AS (
  SELECT id, position FROM webhook_deliveries WHERE endpoint_id = $1 AND position > $2 ORDER BY position LIMIT ${MOST_AT_ONCE}
),
gone AS (DELETE FROM webhook_deliveries d USING page WHERE d.id = page.id)
SELECT max(position) AS last FROM page HAVING count(*) = ${MOST_AT_ONCE}`;

/**
 * Removes the webhooks of which `own` holds, with their deliveries, and tells whoever delivers; how many they were. The
 * deliveries go first, in pages: while the row of a webhook is being deleted, whatever its owner's tasks say waits.
 */
export async function deleteEndpoints(database: Queryable, own: string, values: readonly unknown[]): Promise<number> {
  const found = await database.query<{ id: string }>(`SELECT id FROM webhook_endpoints WHERE ${own}`, values);
  for (const { id } of found) await deleteDeliveriesTo(database, id);
  const gone = await database.query(`DELETE FROM webhook_endpoints WHERE ${own} RETURNING ${tellsOfChange}`, values);
  return gone.length;
}

async function deleteDeliveriesTo(database: Queryable, webhookId: string): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined;) {
    const [page]: readonly { last: number }[] = await database.query<{ last: number }>(pageSql, [webhookId, after]);
    after = page?.last;
  }
}

/** Removes the push configs of the tasks, and all deliveries of their events. */
export async function deleteWebhooksOf(client: Queryable, taskIds: readonly string[]): Promise<void> {
  await client.query(
    `WITH hooks AS (DELETE FROM webhook_endpoints WHERE task_id = ANY ($1::uuid[]))
     DELETE FROM webhook_deliveries WHERE task_id = ANY ($1::uuid[])`,
    [taskIds],
  );
}
