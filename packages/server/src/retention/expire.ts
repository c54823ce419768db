/** What is older than a policy allows, found and removed a batch at a time. */
import { recordAudit } from '../platform/audit-log.js';
import type { Queryable } from '../platform/database.js';
import { deleteTasks, eraseSession } from '../tasks/delete-tasks.js';

/** Whose things expire that were last touched before a time. */
export interface Expiry {
  /** Null: everybody's but those of `except`. */
  readonly tenant: string | null;
  readonly except: readonly string[];
  readonly before: Date;
}

/** Removes at most a batch; answers with how many it looked at, 0 when nothing is left. */
export type Expire = (client: Queryable, expiry: Expiry) => Promise<number>;

const ROWS = 1_000;
const TREES = 20;
const SESSIONS = 10;

const ended = `state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')`;
const inScope = 'tenant = coalesce($1, tenant) AND tenant <> ALL ($2)';

const values = ({ tenant, except, before }: Expiry): readonly unknown[] => [tenant, except, before];

/** Tasks that have ended with all that they called; the conversation stays. */
export const expireTasks: Expire = async (client, expiry) => {
  const roots = await client.query<{ id: string }>(
    `SELECT id FROM tasks t WHERE parent_id IS NULL AND ${ended} AND status_at < $3 AND ${inScope}
       AND NOT EXISTS (SELECT 1 FROM tasks c WHERE c.root_id = t.id AND (c.status_at >= $3 OR NOT c.${ended}))
     LIMIT ${TREES} FOR UPDATE SKIP LOCKED`,
    values(expiry),
  );
  if (roots.length === 0) return 0;
  // Locked: what was retried since then, or calls something now, is left alone.
  const trees = await client.query<{ id: string; root: string; tenant: string; ended: boolean }>(
    `SELECT id, coalesce(root_id, id) AS root, tenant, ${ended} AS ended
     FROM tasks WHERE id = ANY ($1::uuid[]) OR root_id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    [roots.map((root) => root.id)],
  );
  const alive = new Set(trees.filter((task) => !task.ended).map(({ root }) => root));
  const tree = trees.filter(({ root }) => !alive.has(root));
  await deleteTasks(
    client,
    tree.map((task) => task.id),
  );
  for (const tenant of new Set(tree.map((task) => task.tenant))) {
    const ids = tree.filter((task) => task.tenant === tenant).map((task) => task.id);
    await recordAudit(client, {
      tenant,
      owner: null,
      action: 'tasks.expired',
      subject: ids[0] ?? '',
      details: { ids },
    });
  }
  return roots.length;
};

/** Sessions that nobody has touched, unless one of their tasks has not ended, or may be needed by one that called it. */
export const expireSessions: Expire = async (client, expiry) => {
  const idle = await client.query<{ tenant: string; owner: string; context_id: string }>(
    `SELECT tenant, owner, context_id FROM sessions s WHERE updated_at < $3 AND ${inScope}
       AND NOT EXISTS (SELECT 1 FROM tasks t JOIN tasks r ON r.id IN (t.id, t.root_id)
                       WHERE t.session_id = s.id AND (r.status_at >= $3 OR NOT r.${ended}))
     LIMIT ${SESSIONS} FOR UPDATE SKIP LOCKED`,
    values(expiry),
  );
  for (const { context_id: contextId, ...caller } of idle) {
    await eraseSession(client, caller, contextId);
    await recordAudit(client, { tenant: caller.tenant, owner: null, action: 'session.expired', subject: contextId });
  }
  return idle.length;
};

/** After that the same key stands for a new request. */
export const expireIdempotencyKeys: Expire = (client, expiry) =>
  expireRows(client, expiry, 'idempotency_keys', 'created_at');

/** What was delivered or given up, and its attempts. */
export const expireDeliveries: Expire = (client, expiry) =>
  expireRows(client, expiry, 'webhook_deliveries', 'created_at', `AND status <> 'pending'`);

export const expireAudit: Expire = (client, expiry) => expireRows(client, expiry, 'audit_log', 'at');

async function expireRows(client: Queryable, expiry: Expiry, table: string, time: string, which = ''): Promise<number> {
  const gone = await client.query(
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${table} WHERE ${time} < $3 AND ${inScope} ${which} LIMIT ${ROWS} FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
    values(expiry),
  );
  return gone.length;
}
