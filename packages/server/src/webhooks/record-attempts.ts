/** Keeps what became of attempts: the delivery, the attempt and the health of its webhook, for a whole batch at once. */
import type { Database } from '../platform/database.js';

/** `pending`: another attempt follows. `gone`: the receiver has answered 410. */
export type Outcome = 'delivered' | 'pending' | 'dead' | 'gone';

/** What came of one request. */
export interface DeliveryAttempt {
  /** 1 for the first. */
  readonly number: number;
  readonly at: string;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  readonly latencyMs: number;
  /** How the answer began. */
  readonly response: string | null;
  readonly error: string | null;
}

export interface Attempt extends DeliveryAttempt {
  readonly deliveryId: string;
  readonly outcome: Outcome;
  /** When the next one is due, ISO 8601; null when none follows. */
  readonly nextAt: string | null;
}

const sql = `
WITH item AS (
  SELECT * FROM json_to_recordset($1) AS i("deliveryId" uuid, number int, at timestamptz, status int, "latencyMs" int,
    response text, error text, outcome text, "nextAt" timestamptz)
),
moved AS (
  UPDATE webhook_deliveries d SET attempts = i.number, tries = d.tries + 1, next_at = coalesce(i."nextAt", d.next_at),
    status = CASE i.outcome WHEN 'gone' THEN 'dropped' ELSE i.outcome END,
    delivered_at = CASE WHEN i.outcome = 'delivered' THEN i.at + i."latencyMs" * interval '1 ms' END
  FROM item i
  -- Whoever comes second, because its lease was lost on the way, changes nothing.
  WHERE d.id = i."deliveryId" AND d.status = 'pending' AND d.attempts = i.number - 1
  RETURNING d.id, d.endpoint_id, i.number, i.at, i.status, i."latencyMs", i.response, i.error,
    i.outcome
),
noted AS (
  INSERT INTO webhook_attempts (delivery_id, number, at, status, latency_ms, response, error)
  SELECT id, number, at, status, "latencyMs", response, error FROM moved
),
latest AS (
  SELECT DISTINCT ON (endpoint_id) endpoint_id, outcome, at, coalesce(error, 'HTTP ' || status) AS said
  FROM moved ORDER BY endpoint_id, outcome = 'gone' DESC, at DESC
),
judged AS (
  UPDATE webhook_endpoints w SET
    failing_since = CASE WHEN l.outcome <> 'delivered' THEN coalesce(w.failing_since, l.at) END,
    state = CASE WHEN l.outcome = 'gone' THEN 'gone' WHEN w.failing_since < l.at - $2 * interval '1 ms'
                      AND l.outcome <> 'delivered' THEN 'paused' ELSE w.state END,
    state_at = CASE WHEN l.outcome = 'gone' OR (w.failing_since < l.at - $2 * interval '1 ms'
                         AND l.outcome <> 'delivered') THEN l.at ELSE w.state_at END,
    state_reason = CASE WHEN l.outcome = 'gone' THEN 'It answered 410 Gone.'
                        WHEN w.failing_since < l.at - $2 * interval '1 ms' AND l.outcome <> 'delivered'
                        THEN 'Every delivery has failed for too long; the last: ' || l.said ELSE w.state_reason END
  FROM latest l
  WHERE w.id = l.endpoint_id AND w.state = 'active'
    AND (l.outcome = 'gone' OR (w.failing_since IS NULL) <> (l.outcome = 'delivered')
         OR (l.outcome <> 'delivered' AND w.failing_since < l.at - $2 * interval '1 ms'))
  RETURNING w.id, w.state, w.state_reason
)
SELECT id, state, state_reason AS reason FROM judged WHERE state <> 'active'`;

/** Deliveries that one statement drops. */
const MOST_DROPPED = 1_000;

const dropSql = `
UPDATE webhook_deliveries d SET status = 'dropped' FROM (
  SELECT d.id FROM webhook_endpoints w JOIN webhook_deliveries d ON d.endpoint_id = w.id AND d.status = 'pending'
  WHERE w.id = ANY ($1) AND w.state = 'gone' LIMIT ${MOST_DROPPED} FOR UPDATE OF d SKIP LOCKED) waiting
WHERE d.id = waiting.id RETURNING 1`;

/** A webhook that has been paused, or is gone, because of what was recorded. */
export interface Stopped {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
}

/** Pauses webhooks that have failed all the time for `pauseAfterMs`. Answers with those that are told nothing any more. */
export async function recordAttempts(
  database: Pick<Database, 'prepared'>,
  attempts: readonly Attempt[],
  pauseAfterMs: number,
): Promise<readonly Stopped[]> {
  const values = [JSON.stringify(attempts), pauseAfterMs];
  const stopped = await database.prepared<{ id: string; state: string; reason: string }>(
    'record-attempts',
    sql,
    values,
  );
  return stopped;
}

/**
 * Drops what waits for those of `ids` that are gone, until `stop`. What is recorded once one is resumed, which may be by now, is
 * delivered.
 */
export async function dropGone(
  database: Pick<Database, 'prepared'>,
  ids: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  for (let dropped = MOST_DROPPED; dropped === MOST_DROPPED && !stop.aborted;) {
    const rows = await database.prepared('drop-deliveries', dropSql, [ids]);
    dropped = rows.length;
  }
}
