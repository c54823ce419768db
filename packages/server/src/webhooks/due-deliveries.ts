/** What an instance that holds a webhook has to send to it now. */
import type { Database } from '../platform/database.js';
import { toStreamResponse, type EventRow } from '../tasks/task-event.js';
import type { StreamResponse } from '../tasks/task.js';
import type { WireVersion } from './push-config-rows.js';
import type { StoredSecret } from './webhook.js';

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

const sql = `
SELECT d.id, d.tenant, d.owner, d.task_id, d.seq, d.attempts, d.tries, e.kind, e.payload, e.message,
       w.id AS endpoint_id, w.url, w.secrets, w.token, w.auth_scheme, w.auth_credentials, w.wire_version, w.config_id
FROM webhook_endpoints w
JOIN webhook_deliveries d ON d.endpoint_id = w.id AND d.tenant = w.tenant AND d.owner = w.owner
JOIN task_events e ON e.task_id = d.task_id AND e.seq = d.seq
WHERE w.id = $1 AND w.claimed_by = $2 AND w.state = 'active'
  AND d.status = 'pending' AND d.next_at <= now() AND d.task_id <> ALL ($3::uuid[])
  -- Behind one that waits for its next attempt, the rest of its task waits, too.
  AND NOT EXISTS (SELECT 1 FROM webhook_deliveries b
                  WHERE b.endpoint_id = d.endpoint_id AND b.task_id = d.task_id AND b.seq < d.seq
                    AND b.status = 'pending' AND b.next_at > now())
ORDER BY d.position LIMIT $4`;

/** The oldest first, the events of a task in their order; nothing of `busy` tasks, and nothing when the lease is lost. */
export async function dueDeliveries(
  database: Database,
  {
    webhookId,
    instanceId,
    busy,
    limit,
  }: { webhookId: string; instanceId: string; busy: readonly string[]; limit: number },
): Promise<readonly DueDelivery[]> {
  const rows = await database.prepared<Row>('due-deliveries', sql, [webhookId, instanceId, busy, limit]);
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
