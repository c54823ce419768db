/** What is still to be delivered to webhooks, of all owners. */
import type { Queryable } from '../platform/database.js';

/** However many there are: a look takes no longer. */
const MOST = 100_000;

export interface Backlog {
  readonly deliveries: number;
  /** Since the oldest of them was recorded; 0 where there is none. */
  readonly ageSeconds: number;
}

export async function readBacklog(database: Queryable): Promise<Backlog> {
  const [row] = await database.query<{ deliveries: number; seconds: number | null }>(
    `SELECT count(*)::int AS deliveries, extract(epoch FROM now() - min(created_at))::float8 AS seconds
     FROM (SELECT created_at FROM webhook_deliveries WHERE status = 'pending' LIMIT ${MOST}) d`,
  );
  return { deliveries: row?.deliveries ?? 0, ageSeconds: Math.max(0, row?.seconds ?? 0) };
}
