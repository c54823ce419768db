/** The vectors of memories are stored beside them. */
import type { Queryable } from '../platform/database.js';

const AT_ONCE = 50;
const FORGOTTEN_AT_ONCE = 1_000;

export interface Unembedded {
  readonly id: string;
  readonly text: string;
}

/** Memories without a vector, the oldest first, without those that are `aside`. */
export function readUnembedded(database: Queryable, aside: readonly string[]): Promise<readonly Unembedded[]> {
  return database.query<{ id: string; text: string }>(
    `SELECT id, text FROM memories WHERE embedding IS NULL AND id <> ALL ($1::uuid[]) ORDER BY created_at LIMIT ${AT_ONCE}`,
    [aside],
  );
}

/** Stores vectors of texts, where they are the texts still; an empty one says that the model makes none of it. */
export async function storeVectors(
  database: Queryable,
  model: string,
  rows: readonly (Unembedded & { readonly vector: readonly number[] })[],
): Promise<void> {
  await database.query(
    `UPDATE memories m SET embedding = r.vector, embedded_by = $1
     FROM json_to_recordset($2) AS r(id uuid, text text, vector real[]) WHERE m.id = r.id AND m.text = r.text`,
    [model, JSON.stringify(rows)],
  );
}

/** Takes the vectors of other models away, some at a time; false when there are none. */
export async function dropOtherVectors(database: Queryable, model: string): Promise<boolean> {
  const rows = await database.query(
    `UPDATE memories SET embedding = NULL, embedded_by = NULL WHERE id = ANY (ARRAY(
       SELECT id FROM memories WHERE embedded_by <> $1 LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)) RETURNING 1`,
    [model],
  );
  return rows.length > 0;
}
