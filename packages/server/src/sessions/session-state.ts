/** The values that agents keep in a session. */
import type { Database } from '../platform/database.js';

export async function readState(database: Database, key: string, name: string): Promise<unknown> {
  const rows = await database.query<{ value: unknown }>('SELECT state -> $2 AS value FROM sessions WHERE id = $1', [
    key,
    name,
  ]);
  return rows[0]?.value ?? undefined;
}

export async function writeState(database: Database, key: string, name: string, value: unknown): Promise<void> {
  await database.query(
    value === undefined
      ? 'UPDATE sessions SET state = state - $2, updated_at = now() WHERE id = $1'
      : 'UPDATE sessions SET state = state || jsonb_build_object($2::text, $3::jsonb), updated_at = now() WHERE id = $1',
    value === undefined ? [key, name] : [key, name, JSON.stringify(value)],
  );
}
