/** The caller's deliveries: one page of them, the newest first, or one with all its attempts. */
import { z } from 'zod';
import { isId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../platform/caller.js';
import { Cursor } from '../platform/cursor.js';
import type { Database } from '../platform/database.js';
import { PUT_OFF } from './put-off.js';
import type { DeliveryAttempt } from './record-attempts.js';
import type { EventKind } from './webhook.js';

const cursor = new Cursor('deliveries', z.int());

export const deliveryStatuses = ['pending', 'delivered', 'dead', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export interface Delivery {
  /** The `webhook-id` that the receiver sees. */
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly taskId: string;
  /** The event's number in the log of its task. */
  readonly seq: number;
  readonly kind: EventKind;
  /** `dead`: every attempt has failed; `dropped`: the webhook was gone. */
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  /** Of a pending one: not before; null while it is put off until an earlier one is over. */
  readonly nextAttemptAt: string | null;
  /** Why a pending one is not sent yet: its webhook is `paused`, or an `earlier` event of its task is still to be delivered. */
  readonly heldBackBy: 'paused' | 'earlier' | null;
  readonly lastAttempt: DeliveryAttempt | null;
}

export interface DeliveryWithAttempts extends Delivery {
  /** The newest hundred, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export interface DeliveryFilter {
  readonly taskId?: string | undefined;
  readonly webhookId?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
}

interface AttemptRow {
  number: number;
  at: string;
  status: number | null;
  latency_ms: number;
  response: string | null;
  error: string | null;
}

interface Row {
  id: string;
  position: number;
  endpoint_id: string;
  url: string;
  task_id: string;
  seq: number;
  kind: EventKind;
  status: DeliveryStatus;
  attempts: number;
  created_at: Date;
  delivered_at: Date | null;
  next_at: Date | null;
  held_back_by: 'paused' | 'earlier' | null;
  tried: AttemptRow[] | null;
}

/** Attempts of one delivery that are shown; it may have been sent again any number of times. */
const MOST_ATTEMPTS = 100;

/** `tried`: the attempts numbered as `which` says. */
const select = (which: string): string => `
SELECT d.id, d.position, d.endpoint_id, w.url, d.task_id, d.seq, d.kind, d.status, d.attempts, d.created_at,
  d.delivered_at, nullif(d.next_at, ${PUT_OFF}) AS next_at,
  CASE WHEN d.status <> 'pending' THEN NULL WHEN w.state = 'paused' THEN 'paused'
    WHEN EXISTS (SELECT 1 FROM webhook_deliveries b WHERE b.endpoint_id = d.endpoint_id AND b.task_id = d.task_id
                 AND b.seq < d.seq AND b.status = 'pending') THEN 'earlier' END AS held_back_by,
  (SELECT json_agg(a ORDER BY a.number) FROM webhook_attempts a WHERE a.delivery_id = d.id ${which}) AS tried
FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
WHERE d.tenant = $1 AND d.owner = $2`;

export async function listDeliveries(
  database: Database,
  { tenant, owner }: Caller,
  filter: DeliveryFilter,
  { size, token }: { readonly size: number; readonly token: string },
): Promise<DeliveryPage> {
  const values: unknown[] = [tenant, owner];
  const conditions: string[] = [];
  for (const [column, id] of [
    ['task_id', filter.taskId],
    ['endpoint_id', filter.webhookId],
  ] as const) {
    if (id !== undefined) conditions.push(isId(id) ? `AND d.${column} = $${values.push(id)}` : 'AND false');
  }
  if (filter.status !== undefined) conditions.push(`AND d.status = $${values.push(filter.status)}`);
  if (token !== '') conditions.push(`AND d.position < $${values.push(cursor.decode(token))}`);
  const rows = await database.query<Row>(
    `${select('AND a.number = d.attempts')} ${conditions.join(' ')}
     ORDER BY d.position DESC LIMIT $${values.push(size + 1)}`,
    values,
  );
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    deliveries: rows.slice(0, size).map(toDelivery),
    nextPageToken: last === undefined ? '' : cursor.encode(last.position),
  };
}

export async function readDelivery(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
): Promise<DeliveryWithAttempts | undefined> {
  const [row] = await database.query<Row>(`${select(`AND a.number > d.attempts - ${MOST_ATTEMPTS}`)} AND d.id = $3`, [
    tenant,
    owner,
    id,
  ]);
  return row === undefined ? undefined : { ...toDelivery(row), attempts: row.tried?.map(toAttempt) ?? [] };
}

function toDelivery(row: Row): Delivery {
  const last = row.tried?.at(-1);
  return {
    id: row.id,
    webhookId: row.endpoint_id,
    url: row.url,
    taskId: row.task_id,
    seq: row.seq,
    kind: row.kind,
    status: row.status,
    attemptCount: row.attempts,
    createdAt: row.created_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    nextAttemptAt: row.status === 'pending' ? (row.next_at?.toISOString() ?? null) : null,
    heldBackBy: row.held_back_by,
    lastAttempt: last === undefined ? null : toAttempt(last),
  };
}

function toAttempt(row: AttemptRow): DeliveryAttempt {
  const { number, at, status, latency_ms: latencyMs, response, error } = row;
  return { number, at: new Date(at).toISOString(), status, latencyMs, response, error };
}
