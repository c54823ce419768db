/** Deliveries behind another one of their task that waits, or behind very many: put off until it is their turn, so that nobody looks at them before. */
import type { Database } from '../platform/database.js';

/** The time of what is put off; a trigger (migration 0024) makes it due when what stands before it is over. */
export const PUT_OFF = `'9999-12-31Z'::timestamptz`;

/** Due deliveries that are looked at, those that have waited longest: of how many tasks ever they are. */
const LOOKED_AT = 1_000;
/** Of one task, whose first is due: where that many are looked at, those beyond stand in the way of other tasks. */
const NEAR = 40;

/**
 * Of `dueOf` as `due`, with the first of the pending ones of their task as `h`: whether one is to be put off.
 */
export const isInTheWay = `(h.id <> due.id AND (h.next_at > now() OR (due.n > ${NEAR} AND due.looked = ${LOOKED_AT})))`;

/** What is due of the webhook `$1`, what has waited longest first, each with its place among those of its task, and how many they are. */
export const dueOf = `
  SELECT d.*, row_number() OVER (PARTITION BY d.task_id ORDER BY d.seq) AS n, count(*) OVER () AS looked FROM (
    SELECT id, tenant, owner, task_id, seq FROM webhook_deliveries
    WHERE endpoint_id = $1 AND status = 'pending' AND next_at <= now()
    ORDER BY next_at, position LIMIT ${LOOKED_AT}) d`;

/** The first that is pending of the task of `due`, as `h`. */
export const headOf = `
  SELECT id, next_at, position FROM webhook_deliveries
  WHERE endpoint_id = $1 AND task_id = due.task_id AND status = 'pending' ORDER BY seq LIMIT 1`;

/**
 * The first of a task is locked meanwhile: as long as it is pending, whoever ends it comes behind, and the trigger finds what
 * was put off. One that somebody ends just now is left alone, with all behind it.
 */
const sql = `
WITH due AS MATERIALIZED (${dueOf}),
crowd AS MATERIALIZED (
  SELECT due.id, h.id AS head FROM due CROSS JOIN LATERAL (${headOf}) h WHERE ${isInTheWay}
),
heads AS MATERIALIZED (
  SELECT id FROM webhook_deliveries WHERE id IN (SELECT head FROM crowd) AND status = 'pending' FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d SET next_at = ${PUT_OFF} FROM crowd JOIN heads ON heads.id = crowd.head
WHERE d.id = crowd.id AND d.status = 'pending' AND d.next_at <= now()
RETURNING 1`;

/** Puts off what stands in the way of one look; answers with how many that were. */
export async function putOff(database: Database, webhookId: string): Promise<number> {
  return (await database.prepared('put-off-deliveries', sql, [webhookId])).length;
}
