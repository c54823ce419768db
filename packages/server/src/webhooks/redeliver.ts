/** Sends again what has been delivered or given up: it becomes due at once, with a series of attempts of its own. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { WEBHOOKS_CHANNEL } from './channel.js';

/** The same request changes nothing when it comes again; neither does one for what is still to be sent. */
const AGAIN = `status = 'pending', tries = 0, next_at = now(), redelivery_id = $3`;
const TOLD = `RETURNING pg_notify('${WEBHOOKS_CHANNEL}', endpoint_id::text)`;
const OPEN = `tenant = $1 AND owner = $2 AND redelivery_id IS DISTINCT FROM $3 AND status <> 'pending'`;

export async function redeliverOne(
  database: Database,
  { tenant, owner }: Caller,
  requestId: string,
  id: string,
): Promise<void> {
  await database.query(`UPDATE webhook_deliveries SET ${AGAIN} WHERE ${OPEN} AND id = $4 ${TOLD}`, [
    tenant,
    owner,
    requestId,
    id,
  ]);
}

export interface GivenUp {
  readonly webhookId: string;
  readonly status: 'dead' | 'dropped';
  /** By when they were recorded; null: without a bound. */
  readonly after: string | null;
  readonly before: string | null;
}

/** How many there are, a repetition's included. */
export async function redeliverGivenUp(
  database: Database,
  { tenant, owner }: Caller,
  requestId: string,
  { webhookId, status, after, before }: GivenUp,
): Promise<number> {
  const [counted] = await database.query<{ n: number }>(
    `WITH again AS (
       UPDATE webhook_deliveries SET ${AGAIN}
       WHERE ${OPEN} AND endpoint_id = $4 AND status = $5
         AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
       ${TOLD}
     )
     SELECT (SELECT count(*) FROM again) + count(*) AS n FROM webhook_deliveries
     WHERE tenant = $1 AND owner = $2 AND endpoint_id = $4 AND redelivery_id = $3`,
    [tenant, owner, requestId, webhookId, status, after, before],
  );
  return counted?.n ?? 0;
}
