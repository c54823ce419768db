/** The audit log: who acted on tasks, changed keys, webhooks and shares, deleted something, or could not sign in; triggers and statements of other rooms write to it, too. */
import type { Queryable } from '../platform/database.js';
import { expiryValues, inScope, MOST_EXPIRED, type Expire } from '../platform/expiry.js';

/** All that is recorded. */
export const auditActions = [
  'session.deleted',
  'session.expired',
  'session.shared',
  'session.unshared',
  'task.canceled',
  'task.retried',
  'task.answered',
  'task.deleted',
  'tasks.expired',
  'file.deleted',
  'memory.changed',
  'memory.deleted',
  'memories.expired',
  'key.created',
  'key.revoked',
  'sign-in.failed',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'agent.connected',
  'agent.disconnected',
  'agent.card-accepted',
] as const;

export type AuditAction = (typeof auditActions)[number];

export interface AuditEntry {
  readonly tenant: string;
  /** Who did it; null: the server, by policy, or somebody at its command line. */
  readonly owner: string | null;
  readonly action: AuditAction;
  /** The id of what it was done to. */
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Records it in the transaction of `client`: what is done is recorded, and nothing else. */
export async function recordAudit(client: Queryable, entry: AuditEntry): Promise<void> {
  const { tenant, owner, action, subject, details = {} } = entry;
  await client.query('INSERT INTO audit_log (tenant, owner, action, subject, details) VALUES ($1, $2, $3, $4, $5)', [
    tenant,
    owner,
    action,
    subject,
    JSON.stringify(details),
  ]);
}

/** Whether the log still has that this owner did it. */
export async function isRecorded(
  client: Queryable,
  entry: Pick<AuditEntry, 'tenant' | 'owner' | 'action' | 'subject'>,
): Promise<boolean> {
  const found = await client.query(
    'SELECT 1 FROM audit_log WHERE tenant = $1 AND owner = $2 AND action = $3 AND subject = $4 LIMIT 1',
    [entry.tenant, entry.owner, entry.action, entry.subject],
  );
  return found.length > 0;
}

export const expireAudit: Expire = async (client, expiry) => {
  const gone = await client.query(
    `DELETE FROM audit_log WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM audit_log WHERE at < $3 AND ${inScope} LIMIT ${MOST_EXPIRED} FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
    expiryValues(expiry),
  );
  return gone.length;
};
