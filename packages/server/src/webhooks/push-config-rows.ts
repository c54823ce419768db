/** Push configs of A2A in the table of webhooks: each is bound to one task, under an id of its client's. */
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { tellsOfChange } from './channel.js';
import { deleteEndpoints } from './delete-deliveries.js';

export interface PushConfig {
  /** Unique within the task. */
  readonly id: string;
  readonly taskId: string;
  readonly url: string;
  /** Sent as `X-A2A-Notification-Token`. */
  readonly token?: string | undefined;
  readonly authentication?: { readonly scheme: string; readonly credentials?: string | undefined } | undefined;
}

/** The version of A2A whose events its receiver understands. */
export type WireVersion = '1.1' | '1.0' | '0.3';

interface PushConfigRow {
  config_id: string;
  task_id: string;
  url: string;
  auth_scheme: string | null;
}

/** Of one task: each of its events is recorded for each. */
export const MOST_CONFIGS = 100;

const OWN = 'tenant = $1 AND owner = $2 AND task_id = $3';

/** Takes the place of one with the same id. False where the task has MOST_CONFIGS others. */
export async function savePushConfig(
  database: Database,
  { tenant, owner }: Caller,
  rowId: string,
  { id, taskId, url, token, authentication }: PushConfig,
  { version, at }: { readonly version: WireVersion; readonly at: string },
): Promise<boolean> {
  const sql = `INSERT INTO webhook_endpoints AS w (id, tenant, owner, task_id, config_id, url, token, auth_scheme, auth_credentials,
                                         wire_version, kinds, created_at, updated_at)
     SELECT $1, $2, $3, $4::uuid, $5, $6, $7, $8, $9, $10, '{task,statusUpdate,artifactUpdate}', $11, $11
     WHERE (SELECT count(*) FROM webhook_endpoints WHERE task_id = $4::uuid AND config_id <> $5) < ${MOST_CONFIGS}
     ON CONFLICT (task_id, config_id) DO UPDATE SET
       url = EXCLUDED.url, token = EXCLUDED.token, auth_scheme = EXCLUDED.auth_scheme,
       auth_credentials = EXCLUDED.auth_credentials, wire_version = EXCLUDED.wire_version,
       updated_at = EXCLUDED.updated_at, state = 'active', state_at = NULL, state_reason = NULL, failing_since = NULL
     WHERE w.tenant = EXCLUDED.tenant AND w.owner = EXCLUDED.owner
     RETURNING CASE WHEN w.xmax <> 0 THEN ${tellsOfChange} END`;
  const { scheme = null, credentials = null } = authentication ?? {};
  const values = [rowId, tenant, owner, taskId, id, url, token ?? null, scheme, credentials, version, at];
  return database.transaction(async (client) => {
    // One after the other: all of them are counted.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`push configs of ${taskId}`]);
    return (await client.query(sql, values)).length > 0;
  });
}

/** Without token and credentials, the oldest first; `id`: that one alone. */
export async function readPushConfigs(
  database: Database,
  { tenant, owner }: Caller,
  taskId: string,
  id?: string,
): Promise<readonly PushConfig[]> {
  const rows = await database.query<PushConfigRow>(
    `SELECT config_id, task_id, url, auth_scheme FROM webhook_endpoints
     WHERE ${OWN} AND ($4::text IS NULL OR config_id = $4) ORDER BY created_at, id`,
    [tenant, owner, taskId, id ?? null],
  );
  return rows.map((row) => ({
    id: row.config_id,
    taskId: row.task_id,
    url: row.url,
    ...(row.auth_scheme === null ? {} : { authentication: { scheme: row.auth_scheme } }),
  }));
}

/** With its deliveries; `id` undefined: all of the task. */
export async function deletePushConfigs(
  database: Database,
  { tenant, owner }: Caller,
  taskId: string,
  id?: string,
): Promise<void> {
  const own = `${OWN} AND ($4::text IS NULL OR config_id = $4)`;
  await deleteEndpoints(database, own, [tenant, owner, taskId, id ?? null]);
}
