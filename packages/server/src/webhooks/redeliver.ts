/** Sends again what has been delivered or given up, with a series of attempts of its own, and at once what still waits. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { WEBHOOKS_CHANNEL } from './channel.js';
import { PUT_OFF } from './put-off.js';

/** The same request changes nothing when it comes again. */
const AGAIN = `status = 'pending', tries = 0, next_at = now(), redelivery_id = $3`;
const TOLD = `RETURNING pg_notify('${WEBHOOKS_CHANNEL}', endpoint_id::text)`;
const OPEN = `tenant = $1 AND owner = $2 AND redelivery_id IS DISTINCT FROM $3 AND status <> 'pending'`;

/** What still waits is due at once, and so is what has to be sent before it; its attempts go on. */
export async function redeliverOne(
  database: Database,
  { tenant, owner }: Caller,
  requestId: string,
  id: string,
): Promise<void> {
  await database.query(
    `WITH again AS (UPDATE webhook_deliveries SET ${AGAIN} WHERE ${OPEN} AND id = $4 ${TOLD})
     UPDATE webhook_deliveries w SET next_at = now() FROM webhook_deliveries d
     WHERE d.tenant = $1 AND d.owner = $2 AND d.id = $4 AND d.status = 'pending'
       AND w.endpoint_id = d.endpoint_id AND w.task_id = d.task_id AND w.status = 'pending' AND w.seq <= d.seq
       AND w.next_at > now() AND w.next_at < ${PUT_OFF}
     RETURNING pg_notify('${WEBHOOKS_CHANNEL}', w.endpoint_id::text)`,
    [tenant, owner, requestId, id],
  );
}

export interface GivenUp {
  readonly webhookId: string;
  readonly status: 'dead' | 'dropped';
  /** By when they were recorded; null: without a bound. */
  readonly after: string | null;
  readonly before: string | null;
}

/** Deliveries that one statement begins anew. */
const MOST_AT_ONCE = 1_000;

const pageSql = `
WITH page AS (
  SELECT id, position FROM webhook_deliveries
  WHERE ${OPEN} AND endpoint_id = $4 AND status = $5
    AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
    AND position > $8 ORDER BY position LIMIT ${MOST_AT_ONCE}
),
again AS (UPDATE webhook_deliveries d SET ${AGAIN} FROM page WHERE d.id = page.id AND d.status = $5)
SELECT max(position) AS last, count(*) AS n, pg_notify('${WEBHOOKS_CHANNEL}', $4::text) FROM page HAVING count(*) > 0`;

/** How many there are, a repetition's included. In pages, as there may be very many; one that breaks off is gone on with by a repetition. */
export async function redeliverGivenUp(
  database: Database,
  { tenant, owner }: Caller,
  requestId: string,
  { webhookId, status, after, before }: GivenUp,
): Promise<number> {
  const which = [tenant, owner, requestId, webhookId, status, after, before];
  for (let behind = 0, more = true; more;) {
    const [page] = await database.query<{ last: number; n: number }>(pageSql, [...which, behind]);
    behind = page?.last ?? behind;
    more = page?.n === MOST_AT_ONCE;
  }
  const [counted] = await database.query<{ n: number }>(
    `SELECT count(*) AS n FROM webhook_deliveries
     WHERE tenant = $1 AND owner = $2 AND endpoint_id = $4 AND redelivery_id = $3`,
    which.slice(0, 4),
  );
  return counted?.n ?? 0;
}
