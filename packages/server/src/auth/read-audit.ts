/** Reads the audit log of a tenant, the newest entries first: in pages, or all of it piece by piece. */
import { z } from 'zod';
import { Cursor } from '../platform/cursor.js';
import { orUnavailable, type Queryable } from '../platform/database.js';
import type { AuditAction } from './audit-log.js';

export interface AuditRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who did it; null: the server, by policy, or somebody at its command line, or who could not sign in. */
  readonly owner: string | null;
  readonly action: AuditAction;
  /** What it was done to: an id, or of a sign-in the beginning of the key. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  readonly entries: readonly AuditRecord[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export interface AuditFilter {
  readonly action?: AuditAction | undefined;
  readonly owner?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

type Row = Omit<AuditRecord, 'at'> & { readonly at: Date };

const PIECE = 500;
const cursor = new Cursor('audit', z.string().regex(/^\d{1,18}$/));

export class AuditLog {
  constructor(private readonly database: { readonly reading: () => Queryable }) {}

  async list(
    tenant: string,
    filter: AuditFilter,
    page: { readonly size: number; readonly token: string },
  ): Promise<AuditPage> {
    const before = page.token === '' ? undefined : cursor.decode(page.token);
    const found = await this.#read(tenant, filter, before, page.size + 1);
    const entries = found.slice(0, page.size);
    const last = found.length > page.size ? entries.at(-1) : undefined;
    return { entries, nextPageToken: last === undefined ? '' : cursor.encode(last.id) };
  }

  /** One JSON object a line. */
  async *lines(tenant: string, filter: AuditFilter): AsyncGenerator<string, void> {
    for (let before: string | undefined; ;) {
      const found = await this.#read(tenant, filter, before, PIECE);
      yield found.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      if (found.length < PIECE) return;
      before = found.at(-1)?.id;
    }
  }

  #read(
    tenant: string,
    filter: AuditFilter,
    before: string | undefined,
    limit: number,
  ): Promise<readonly AuditRecord[]> {
    return orUnavailable(() => read(this.database.reading(), tenant, filter, { before, limit }));
  }
}

async function read(
  database: Queryable,
  tenant: string,
  { action, owner, subject, from, to }: AuditFilter,
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<readonly AuditRecord[]> {
  // Without its table's name, `id` would be the text that is shown of it: '9' behind '10'.
  const rows = await database.query<Row & Record<string, unknown>>(
    `SELECT id::text, at, owner, action, subject, details FROM audit_log
     WHERE tenant = $1 AND ($2::bigint IS NULL OR id < $2) AND ($3::text IS NULL OR action = $3)
       AND ($4::text IS NULL OR owner = $4) AND ($5::text IS NULL OR subject = $5)
       AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
     ORDER BY audit_log.id DESC LIMIT $8`,
    [tenant, before, action, owner, subject, from?.toISOString(), to?.toISOString(), limit],
  );
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
