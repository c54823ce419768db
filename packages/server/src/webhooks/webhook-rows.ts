/** Subscriptions in the table of webhooks: made, read, listed, changed, paused, deleted; each of one owner. */
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Database } from '../platform/database.js';
import { tellsOfChange, WEBHOOKS_CHANNEL } from './channel.js';
import { deleteEndpoints } from './delete-deliveries.js';
import { PUT_OFF } from './put-off.js';
import {
  toWebhook,
  webhookColumns,
  type StoredSecret,
  type Webhook,
  type WebhookFilter,
  type WebhookRow,
  type WebhookState,
} from './webhook.js';

const cursor = new Cursor('webhooks', timePosition);

export interface NewWebhook extends WebhookFilter {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly secret: StoredSecret;
  readonly at: string;
}

export type WebhookChange = {
  readonly [Member in keyof (WebhookFilter & Pick<NewWebhook, 'url' | 'description'>)]?: NewWebhook[Member] | undefined;
};

export interface WebhookPage {
  readonly webhooks: readonly Webhook[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** Subscriptions of one owner: each of his events is recorded for each that it is for. */
export const MOST_WEBHOOKS = 200;
/** Secrets of one that are valid at the same time: each signs each delivery. */
export const MOST_SECRETS = 5;

const OWN = 'tenant = $1 AND owner = $2 AND id = $3';

/** Nothing happens when the caller has one with this id, or MOST_WEBHOOKS. */
export async function insertWebhook(database: Database, caller: Caller, webhook: NewWebhook): Promise<void> {
  const { id, url, description, agents, states, sessionIds, kinds, secret, at } = webhook;
  const values = [
    caller.tenant,
    caller.owner,
    id,
    url,
    description,
    agents,
    states,
    sessionIds,
    kinds,
    JSON.stringify([secret]),
    at,
  ];
  await database.transaction(async (client) => {
    // One after the other: all of them are counted.
    const whose = `webhooks of ${JSON.stringify([caller.tenant, caller.owner])}`;
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [whose]);
    await client.query(
      `INSERT INTO webhook_endpoints (tenant, owner, id, url, description, agents, states, context_ids, kinds, secrets,
                                      created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11
       WHERE (SELECT count(*) FROM webhook_endpoints WHERE tenant = $1 AND owner = $2 AND task_id IS NULL) < ${MOST_WEBHOOKS}
       ON CONFLICT DO NOTHING`,
      values,
    );
  });
}

export async function readWebhook(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
): Promise<{ readonly webhook: Webhook; readonly secrets: readonly StoredSecret[] } | undefined> {
  const [row] = await database.query<WebhookRow & { secrets: StoredSecret[] }>(
    `SELECT ${webhookColumns}, secrets FROM webhook_endpoints WHERE ${OWN}`,
    [tenant, owner, id],
  );
  return row === undefined ? undefined : { webhook: toWebhook(row), secrets: row.secrets };
}

/** The subscriptions, the newest first. */
export async function listWebhooks(
  database: Database,
  { tenant, owner }: Caller,
  { size, token }: { readonly size: number; readonly token: string },
): Promise<WebhookPage> {
  const after = token === '' ? [null, null] : cursor.decode(token);
  const rows = await database.query<WebhookRow & { cursor_at: string }>(
    `SELECT ${webhookColumns}, to_char(created_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
     FROM webhook_endpoints
     WHERE tenant = $1 AND owner = $2 AND task_id IS NULL
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3::timestamptz, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [tenant, owner, ...after, size + 1],
  );
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    webhooks: rows.slice(0, size).map(toWebhook),
    nextPageToken: last === undefined ? '' : cursor.encode([last.cursor_at, last.id]),
  };
}

/** What is undefined stays. Undefined when the caller has no such subscription. */
export async function updateWebhook(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
  change: WebhookChange,
): Promise<Webhook | undefined> {
  const values: unknown[] = [tenant, owner, id];
  const columns = { ...change, sessionIds: undefined, context_ids: change.sessionIds };
  const set = Object.entries(columns).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = $${values.push(value)}`],
  );
  const [row] = await database.query<WebhookRow>(
    `UPDATE webhook_endpoints SET ${[...set, 'updated_at = now()'].join(', ')}
     WHERE ${OWN} AND task_id IS NULL RETURNING ${webhookColumns}, ${tellsOfChange}`,
    values,
  );
  return row === undefined ? undefined : toWebhook(row);
}

/** Puts it into `state`; what waits for one that becomes active is due at once. */
export async function setWebhookState(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
  { state, reason }: { readonly state: WebhookState; readonly reason: string | null },
): Promise<Webhook | undefined> {
  const [row] = await database.query<WebhookRow>(
    `WITH due AS (
       UPDATE webhook_deliveries d SET next_at = now()
       WHERE $4 = 'active' AND tenant = $1 AND owner = $2 AND endpoint_id = $3 AND status = 'pending'
         AND next_at > now() AND next_at < ${PUT_OFF}
     )
     UPDATE webhook_endpoints SET state = $4, state_reason = $5, updated_at = now(),
       state_at = CASE WHEN $4 = 'active' THEN NULL ELSE now() END,
       failing_since = CASE WHEN $4 = 'active' THEN NULL ELSE failing_since END
     WHERE ${OWN}
     RETURNING ${webhookColumns}, CASE WHEN $4 = 'active' THEN pg_notify('${WEBHOOKS_CHANNEL}', id::text) ELSE ${tellsOfChange} END`,
    [tenant, owner, id, state, reason],
  );
  return row === undefined ? undefined : toWebhook(row);
}

/** With its deliveries; false when the caller has none. */
export async function deleteWebhook(database: Database, { tenant, owner }: Caller, id: string): Promise<boolean> {
  return (await deleteEndpoints(database, OWN, [tenant, owner, id])) > 0;
}

/**
 * Puts a secret before the others, which end at `expiresAt` at the latest; those that have ended go. Nothing happens when
 * it is there already, or MOST_SECRETS are valid. Answers with all; undefined when the caller has no such subscription.
 */
export async function addSecret(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
  { secret, at, expiresAt }: { readonly secret: StoredSecret; readonly at: string; readonly expiresAt: string },
): Promise<readonly StoredSecret[] | undefined> {
  const [row] = await database.query<{ secrets: StoredSecret[] }>(
    `UPDATE webhook_endpoints SET updated_at = now(), secrets =
       CASE WHEN secrets @> jsonb_build_array(jsonb_build_object('id', $4::text)) THEN secrets
       WHEN (SELECT count(*) FROM jsonb_array_elements(secrets) AS e(s)
             WHERE s->>'expiresAt' IS NULL OR s->>'expiresAt' > $7::text) >= ${MOST_SECRETS} THEN secrets
       ELSE jsonb_build_array($5::jsonb) || coalesce((
         SELECT jsonb_agg(s || jsonb_build_object('expiresAt', least(s->>'expiresAt', $6::text)) ORDER BY n)
         FROM jsonb_array_elements(secrets) WITH ORDINALITY AS e(s, n)
         WHERE s->>'expiresAt' IS NULL OR s->>'expiresAt' > $7::text), '[]') END
     WHERE ${OWN} AND task_id IS NULL RETURNING secrets, ${tellsOfChange}`,
    [tenant, owner, id, secret.id, JSON.stringify(secret), expiresAt, at],
  );
  return row?.secrets;
}
