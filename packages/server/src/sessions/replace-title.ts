/** Gives a session another title in place of one that it has. */
import type { Queryable } from '../platform/database.js';
import { titleWords } from './words.js';

const sql = `
UPDATE sessions SET title = $3, title_words = ${titleWords('tenant', 'owner', '$3')}
WHERE id = $1 AND title = $2 RETURNING 1`;

/** False when the session is gone, or is called something else by now. */
export async function replaceTitle(
  client: Queryable,
  key: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  return (await client.query(sql, [key, from, to])).length > 0;
}
