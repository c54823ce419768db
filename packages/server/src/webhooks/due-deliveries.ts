/** What an instance that holds a webhook has to send to it now. */
import type { Database } from '../platform/database.js';
import { toStreamResponse, type EventRow } from '../tasks/task-event.js';
import type { StreamResponse } from '../tasks/task.js';
import type { WireVersion } from './push-config-rows.js';
import type { StoredSecret } from './webhook.js';

/** Events of one task that are fetched at once. */
const MOST_OF_A_TASK = 25;

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
  payload: EventRow['payload'];
  message: EventRow['message'];
  endpoint_id: string;
  url: string;
  secrets: StoredSecret[];
  token: string | null;
  auth_scheme: string | null;
  auth_credentials: string | null;
  wire_version: WireVersion;
  config_id: string | null;
}

/** Of the tasks that have something due: what waits longest, and what follows it. */
const sql = `
WITH first AS MATERIALIZED (
  SELECT d.task_id, d.position, w.id, w.url, w.secrets, w.token, w.auth_scheme, w.auth_credentials, w.wire_version,
    w.config_id
  FROM webhook_endpoints w
  JOIN webhook_deliveries d ON d.endpoint_id = w.id AND d.tenant = w.tenant AND d.owner = w.owner
  WHERE w.id = $1 AND w.claimed_by = $2 AND w.state = 'active'
    AND d.status = 'pending' AND d.next_at <= now() AND d.task_id <> ALL ($3::uuid[])
    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries b
                    WHERE b.endpoint_id = d.endpoint_id AND b.task_id = d.task_id AND b.seq < d.seq
                      AND b.status = 'pending')
  ORDER BY d.next_at, d.position LIMIT $4
)
SELECT d.id, d.tenant, d.owner, d.task_id, d.seq, d.attempts, d.tries, e.kind, e.payload, e.message,
       w.id AS endpoint_id, w.url, w.secrets, w.token, w.auth_scheme, w.auth_credentials, w.wire_version, w.config_id
FROM first w
CROSS JOIN LATERAL (
  SELECT * FROM webhook_deliveries d
  WHERE d.endpoint_id = w.id AND d.task_id = w.task_id AND d.status = 'pending' ORDER BY d.seq LIMIT $5
) d
JOIN task_events e ON e.task_id = d.task_id AND e.seq = d.seq
ORDER BY w.position, d.seq`;

/**
 * Of at most `tasks` tasks that are not `busy`, those that wait longest first, the next events in their order; nothing when
 * the lease is lost.
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
  const values = [webhookId, instanceId, busy, tasks, MOST_OF_A_TASK];
  const rows = await database.prepared<Row>('due-deliveries', sql, values);
  return rows.map((row) => ({
    id: row.id,
    tenant: row.tenant,
    owner: row.owner,
    taskId: row.task_id,
    seq: row.seq,
    attempts: row.attempts,
    tries: row.tries,
    event: toStreamResponse(row.kind, row.payload, row.message),
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
  }));
}
