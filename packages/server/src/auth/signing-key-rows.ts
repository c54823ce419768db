/** The SQL of the keys that the server signs with: made, read, and removed when nobody needs them any more. */
import type { JWK } from 'jose';
import type { Queryable } from '../platform/database.js';

/** A key that the fleet has made. */
export interface KeptKey {
  /** From 1: each takes over from the one before. */
  readonly number: number;
  readonly privateKey: JWK;
  /** From when on it signs; it is published before. */
  readonly signsAt: Date;
}

/** In the order of their numbers. */
export async function readSigningKeys(database: Queryable): Promise<readonly KeptKey[]> {
  const rows = await database.query<{ number: number; private_key: JWK; signs_at: Date }>(
    'SELECT number, private_key, signs_at FROM signing_keys ORDER BY number',
  );
  return rows.map((row) => ({ number: row.number, privateKey: row.private_key, signsAt: row.signs_at }));
}

/** False, and nothing happens, when another instance has made one with this number. */
export async function insertSigningKey(
  database: Queryable,
  { number, privateKey, signsAt }: KeptKey,
  at: Date,
): Promise<boolean> {
  const rows = await database.query(
    `INSERT INTO signing_keys (number, private_key, signs_at, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING number`,
    [number, JSON.stringify(privateKey), signsAt, at],
  );
  return rows.length > 0;
}

export async function deleteSigningKeys(database: Queryable, numbers: readonly number[]): Promise<void> {
  await database.query('DELETE FROM signing_keys WHERE number = ANY ($1::int[])', [numbers]);
}
