/** How webhooks fared within the last day, hour by hour, for the list of them. */
import type { Database } from '../platform/database.js';

/** Deliveries of one webhook that are counted at the most: one that is told very much shows its newest. */
const MOST_COUNTED = 1_000;
const HOURS = 24;

export interface HealthHour {
  /** Its beginning, ISO 8601. */
  readonly at: string;
  /** Deliveries recorded in this hour that were delivered. */
  readonly delivered: number;
  /** Those that were given up, or have failed so far and will be tried again. */
  readonly failed: number;
}

export interface WebhookHealth {
  /** The last 24 hours, oldest first, by when deliveries were recorded. */
  readonly hours: readonly HealthHour[];
  /** False when there were more deliveries than are counted: the newest 1,000. */
  readonly complete: boolean;
  /** What went wrong last in this time; null when nothing did. */
  readonly lastFailure: {
    readonly deliveryId: string;
    readonly at: string;
    /** The HTTP status; null when there was no answer. */
    readonly status: number | null;
    readonly error: string | null;
  } | null;
}

interface Row {
  id: string;
  hours: { ago: number; delivered: number; failed: number }[] | null;
  counted: number;
  last: { deliveryId: string; at: string; status: number | null; error: string | null } | null;
}

const sql = `
WITH recent AS MATERIALIZED (
  SELECT w.id AS webhook, d.id, d.created_at, d.status, d.attempts
  FROM unnest($1::uuid[]) AS w(id)
  CROSS JOIN LATERAL (
    SELECT id, created_at, status, attempts FROM webhook_deliveries WHERE endpoint_id = w.id
    ORDER BY position DESC LIMIT ${MOST_COUNTED}
  ) d
  WHERE d.created_at > $2::timestamptz - ${HOURS} * interval '1 hour'
),
hourly AS (
  SELECT webhook, floor(extract(epoch FROM $2::timestamptz - created_at) / 3600)::int AS ago, count(*) AS counted,
    count(*) FILTER (WHERE status = 'delivered') AS delivered,
    count(*) FILTER (WHERE status IN ('dead', 'dropped') OR status = 'pending' AND attempts > 0) AS failed
  FROM recent GROUP BY webhook, ago
),
daily AS (
  SELECT webhook, sum(counted)::int AS counted,
    json_agg(json_build_object('ago', ago, 'delivered', delivered, 'failed', failed)) AS hours
  FROM hourly GROUP BY webhook
),
failed AS (
  SELECT DISTINCT ON (d.webhook) d.webhook,
    json_build_object('deliveryId', d.id, 'at', a.at, 'status', a.status, 'error', a.error) AS last
  FROM recent d JOIN webhook_attempts a ON a.delivery_id = d.id AND a.number = d.attempts
  WHERE a.status IS NULL OR a.status < 200 OR a.status >= 300
  ORDER BY d.webhook, a.at DESC
)
SELECT w.id, daily.hours, coalesce(daily.counted, 0) AS counted, failed.last
FROM unnest($1::uuid[]) AS w(id)
LEFT JOIN daily ON daily.webhook = w.id
LEFT JOIN failed ON failed.webhook = w.id`;

/** Of the webhooks with these ids. `now`: the end of the last hour. */
export async function readHealth(
  database: Database,
  ids: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, WebhookHealth>> {
  const rows = await database.reading().query<Row>(sql, [ids, now]);
  return new Map(rows.map((row) => [row.id, toHealth(row, now)]));
}

function toHealth({ hours, counted, last }: Row, now: Date): WebhookHealth {
  const begins = (ago: number): string => new Date(now.getTime() - (ago + 1) * 3_600_000).toISOString();
  const known = new Map(hours?.map((hour) => [hour.ago, hour]));
  return {
    hours: Array.from({ length: HOURS }, (_, index) => {
      const ago = HOURS - 1 - index;
      const { delivered = 0, failed = 0 } = known.get(ago) ?? {};
      return { at: begins(ago), delivered, failed };
    }),
    complete: counted < MOST_COUNTED,
    lastFailure: last === null ? null : { ...last, at: new Date(last.at).toISOString() },
  };
}
