/** The newest refresh tokens of this server as a client of others, where each use replaces them: for all instances, and after a restart. */
import type { Database } from '../platform/database.js';

const leaseSql = `
INSERT INTO refresh_tokens AS r (id, leased_until, updated_at)
VALUES ($1, clock_timestamp() + $2 * interval '1 ms', clock_timestamp())
ON CONFLICT (id) DO UPDATE SET leased_until = EXCLUDED.leased_until
WHERE r.leased_until IS NULL OR r.leased_until < clock_timestamp()
RETURNING token`;

const keepSql = `
UPDATE refresh_tokens SET token = coalesce($2, token), leased_until = NULL, updated_at = clock_timestamp() WHERE id = $1`;

export class RefreshTokens {
  constructor(private readonly database: Pick<Database, 'query'>) {}

  /**
   * The token that was kept last, if one was, for the caller alone until it is given back or `ms` have passed; undefined
   * while it is another's.
   */
  async lease(id: string, ms: number): Promise<{ readonly token: string | undefined } | undefined> {
    const [row] = await this.database.query<{ token: string | null }>(leaseSql, [id, ms]);
    return row && { token: row.token ?? undefined };
  }

  /** Gives it back: with `token` in its place, or as it was. */
  async giveBack(id: string, token: string | undefined): Promise<void> {
    await this.database.query(keepSql, [id, token ?? null]);
  }
}
