/** Removes memories that nobody has said anew for longer than they are kept. */
import { recordAudit } from '../auth/audit-log.js';
import { expiryValues, inScope, MOST_EXPIRED, type Expire } from '../platform/expiry.js';

export const expireMemories: Expire = async (client, expiry) => {
  const gone = await client.query<{ id: string; tenant: string }>(
    `DELETE FROM memories WHERE id = ANY (ARRAY(
       SELECT id FROM memories WHERE updated_at < $3 AND ${inScope} LIMIT ${MOST_EXPIRED} FOR UPDATE SKIP LOCKED))
     RETURNING id, tenant`,
    expiryValues(expiry),
  );
  for (const tenant of new Set(gone.map((memory) => memory.tenant))) {
    const ids = gone.filter((memory) => memory.tenant === tenant).map((memory) => memory.id);
    const details = { ids };
    await recordAudit(client, { tenant, owner: null, action: 'memories.expired', subject: ids[0] ?? '', details });
  }
  return gone.length;
};
