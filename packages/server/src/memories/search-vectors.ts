/** Finds memories by what they mean: those of one owner and agent whose vectors are nearest, compared by pgvector. */
import type { MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import type { Queryable } from '../platform/database.js';

export interface Near {
  readonly id: string;
  /** How much nearer it is than the owner's memories are on the whole, in standard deviations of their cosines. */
  readonly deviations: number;
}

// Exact, over the owner's own: an index would look for the neighbours among everybody's.
const sql = `
WITH own AS (
  SELECT id, updated_at, 1 - (embedding::vector <=> $5::real[]::vector) AS cosine FROM memories
  WHERE tenant = $1 AND owner = $2 AND agent = $3 AND embedded_by = $4 AND cardinality(embedding) > 0
)
SELECT id, coalesce((cosine - avg(cosine) OVER ()) / nullif(stddev_pop(cosine) OVER (), 0), 0)::float8 AS deviations
FROM own ORDER BY cosine DESC, updated_at DESC LIMIT $6`;

/** The nearest first. `model`: that has made the vector; what others have made is not compared. */
export function searchVectors(
  database: Queryable,
  { tenant, owner, agent }: MemoryScope,
  { model, vector }: { readonly model: string; readonly vector: readonly number[] },
  most: number,
): Promise<readonly Near[]> {
  return database.query<{ id: string; deviations: number }>(sql, [tenant, owner, agent, model, vector, most]);
}

/** PostgreSQL's insufficient_privilege. */
const NOT_ALLOWED = '42501';

/**
 * Whether PostgreSQL has pgvector in this database; it is asked to, where it could have. False where that isn't allowed;
 * throws what may pass, as when another instance does the same.
 */
export async function hasVectors(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ there: boolean; available: boolean }>(
    `SELECT to_regtype('vector') IS NOT NULL AS there,
            EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS available`,
  );
  if (row?.there === true || row?.available !== true) return row?.there === true;
  try {
    await database.query('CREATE EXTENSION IF NOT EXISTS vector');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NOT_ALLOWED) return false;
    throw error;
  }
}
