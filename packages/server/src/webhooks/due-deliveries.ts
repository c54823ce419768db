/** What is sent to webhooks: to one that this instance holds what is due now, or one delivery, whatever became of it. */
import { toStreamResponse, type EventRow } from '@continuo/agent/internal/tasks/task-event.js';
import type { StoredTrace } from '@continuo/agent/internal/platform/tracing.js';
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { eventAt, traceOf } from '../tasks/views.js';
import { eventWithoutContent } from './event-without-content.js';
import type { WireVersion } from './push-config-rows.js';
import { dueOf, headOf, isInTheWay, putOff } from './put-off.js';
import type { StoredSecret } from './webhook.js';

/** Events of one task that are fetched at once. */
const MOST_OF_A_TASK = 25;
/** Bytes of an event that is sent whole, however many deliveries are under way. */
const ALWAYS_WHOLE_BYTES = 256 * 1024;
/** Events without their content that one fetch brings at the most: PostgreSQL reads each as a whole. */
const MOST_LARGE = 8;

/** Where and how a webhook is told. */
export interface Target {
  readonly id: string;
  readonly url: string;
  /** Of a subscription. */
  readonly secrets: readonly StoredSecret[];
  readonly pushConfig: boolean;
  readonly token: string | null;
  readonly authScheme: string | null;
  readonly authCredentials: string | null;
  readonly version: WireVersion;
}

export interface DueDelivery {
  readonly id: string;
  readonly tenant: string;
  readonly owner: string;
  readonly taskId: string;
  readonly seq: number;
  /** Attempts so far, in all and in this series. */
  readonly attempts: number;
  readonly tries: number;
  readonly event: StreamResponse;
  readonly target: Target;
  /** Null for a task that was accepted without tracing. */
  readonly trace: StoredTrace | null;
}

interface Row {
  id: string;
  tenant: string;
  owner: string;
  task_id: string;
  seq: number;
  attempts: number;
  tries: number;
  kind: EventRow['kind'];
  /** Null for one that is too large. */
  payload: EventRow['payload'] | null;
  message: EventRow['message'];
  endpoint_id: string;
  url: string;
  secrets: StoredSecret[];
  token: string | null;
  auth_scheme: string | null;
  auth_credentials: string | null;
  wire_version: WireVersion;
  config_id: string | null;
  trace: StoredTrace | null;
}

/** Whether something is in the way, and one of what is due, if any is. */
type Looked = { readonly crowded: boolean } & (Row | { readonly [Column in keyof Row]: null });

/** What is needed of a webhook to tell it something, beside its id. */
const targetOf = (row: string): string =>
  ['url', 'secrets', 'token', 'auth_scheme', 'auth_credentials', 'wire_version', 'config_id']
    .map((column) => `${row}.${column}`)
    .join(', ');

/** Of the tasks that have something due: what waits longest, and what follows it. One row at least, which says what is in the way. */
const sql = `
WITH hook AS MATERIALIZED (
  SELECT w.id, w.tenant, w.owner, ${targetOf('w')} FROM webhook_endpoints w
  WHERE w.id = $1 AND w.claimed_by = $2 AND w.state = 'active'
),
due AS MATERIALIZED (SELECT due.* FROM (${dueOf}) due JOIN hook w ON w.tenant = due.tenant AND w.owner = due.owner),
looked AS MATERIALIZED (
  SELECT due.task_id, h.next_at, h.position, ${isInTheWay} AS in_the_way
  FROM due CROSS JOIN LATERAL (${headOf}) h
),
first AS MATERIALIZED (
  SELECT l.task_id, l.position, w.* FROM (SELECT DISTINCT task_id, next_at, position FROM looked) l CROSS JOIN hook w
  WHERE l.next_at <= now() AND l.task_id <> ALL ($3::uuid[])
  ORDER BY l.next_at, l.position LIMIT $4
)
SELECT c.crowded, p.id, p.tenant, p.owner, p.task_id, p.seq, p.attempts, p.tries, p.kind,
  CASE WHEN p.fits THEN p.payload END AS payload, CASE WHEN p.fits THEN p.message END AS message,
  p.endpoint_id, ${targetOf('p')},
  CASE WHEN p.id IS NOT NULL THEN ${traceOf('p.task_id')} END AS trace
FROM (SELECT coalesce(bool_or(in_the_way), false) AS crowded FROM looked) c LEFT JOIN (
  SELECT *, sum(size) OVER (ORDER BY position, seq ROWS UNBOUNDED PRECEDING) AS upto FROM (
    SELECT d.id, d.tenant, d.owner, d.task_id, d.seq, d.attempts, d.tries, e.kind, f.fits, e.payload, e.message,
      w.id AS endpoint_id, ${targetOf('w')}, w.position, CASE WHEN f.fits THEN e.bytes ELSE $6::int / ${MOST_LARGE} END AS size
    FROM first w
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_deliveries d
      WHERE d.endpoint_id = w.id AND d.task_id = w.task_id AND d.status = 'pending' ORDER BY d.seq LIMIT $5
    ) d
    CROSS JOIN LATERAL ${eventAt('d.task_id', 'd.seq')} e
    CROSS JOIN LATERAL (SELECT e.whole AND e.bytes <= $7::int AS fits) f) sized) p
ON p.upto <= $6::int OR p.upto = p.size
ORDER BY p.position, p.seq`;

/**
 * Of at most `tasks` tasks that are not `busy`, those that wait longest first, the next events in their order, together no
 * more than a reader's page (see ReaderShares) but at least one; nothing when the lease is lost. An event that is larger than
 * a page, and no small one, or whose content lies apart, comes without it. What is in the way of other tasks is put off.
 */
export async function dueDeliveries(
  database: Database,
  {
    webhookId,
    instanceId,
    busy,
    tasks,
  }: { webhookId: string; instanceId: string; busy: readonly string[]; tasks: number },
): Promise<readonly DueDelivery[]> {
  const { bytes } = database.shares;
  const whole = Math.max(ALWAYS_WHOLE_BYTES, bytes);
  const values = [webhookId, instanceId, busy, tasks, MOST_OF_A_TASK, bytes, whole];
  for (;;) {
    const rows = await database.prepared<Looked>('due-deliveries', sql, values);
    const deliveries: DueDelivery[] = [];
    for (const row of rows) {
      const event = row.id === null ? undefined : await eventOf(database, row);
      if (row.id !== null && event !== undefined) deliveries.push(toDelivery(row, event));
    }
    const isCrowded = rows[0]?.crowded === true;
    const moved = isCrowded ? await putOff(database, webhookId) : 0;
    if (deliveries.length > 0 || moved === 0) return deliveries;
  }
}

const oneSql = `
SELECT d.id, d.tenant, d.owner, d.task_id, d.seq, d.attempts, d.tries, e.kind,
  CASE WHEN f.fits THEN e.payload END AS payload, CASE WHEN f.fits THEN e.message END AS message,
  w.id AS endpoint_id, ${targetOf('w')},
  NULL AS trace
FROM webhook_deliveries d
JOIN webhook_endpoints w ON w.id = d.endpoint_id
CROSS JOIN LATERAL ${eventAt('d.task_id', 'd.seq')} e
CROSS JOIN LATERAL (SELECT e.whole AND e.bytes <= $4::int AS fits) f
WHERE d.tenant = $1 AND d.owner = $2 AND d.id = $3`;

/** One of the caller's as it would be sent now, whatever became of it; undefined when there is none, or its task is gone. */
export async function oneDelivery(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
): Promise<DueDelivery | undefined> {
  const whole = Math.max(ALWAYS_WHOLE_BYTES, database.shares.bytes);
  const [row] = await database.prepared<Row>('one-delivery', oneSql, [tenant, owner, id, whole]);
  const event = row && (await eventOf(database, row));
  return row && event && toDelivery(row, event);
}

/** Undefined when the task was deleted meanwhile. */
async function eventOf(database: Database, row: Row): Promise<StreamResponse | undefined> {
  if (row.payload !== null) return toStreamResponse(row.kind, row.payload, row.message);
  return eventWithoutContent(database.patient, row.task_id, row.seq);
}

function toDelivery(row: Row, event: StreamResponse): DueDelivery {
  return {
    id: row.id,
    tenant: row.tenant,
    owner: row.owner,
    taskId: row.task_id,
    seq: row.seq,
    attempts: row.attempts,
    tries: row.tries,
    event,
    trace: row.trace,
    target: {
      id: row.endpoint_id,
      url: row.url,
      secrets: row.secrets,
      pushConfig: row.config_id !== null,
      token: row.token,
      authScheme: row.auth_scheme,
      authCredentials: row.auth_credentials,
      version: row.wire_version,
    },
  };
}
