/** How many instances are alive. */
import type { Queryable } from '../platform/database.js';

export async function countInstances(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM instances WHERE lost_at IS NULL',
  );
  return row?.count ?? 0;
}
