/** One page of a list of sessions: so many of them or so many bytes, at least one. */
import type { Session } from './session.js';
import { toSession, type SessionRow } from './session-row.js';

/** A row of a statement that `withinBytes` made. */
export type PagedRow = SessionRow & { readonly id: string; readonly cursor_at: string; readonly found: number };

/**
 * Those of `rows` that make a page of `most` bytes. `rows` is a SELECT in the order `order`, by columns that it has; `most`
 * is a parameter. What is larger than a page as it lies there is known to be too large without reading it.
 */
export function withinBytes(rows: string, order: string, most: string): string {
  return `
SELECT * FROM (
  SELECT s.*, count(*) OVER () AS found, sum(bytes) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS upto
  FROM (
    SELECT r.*, coalesce(octet_length(r.title), 0) + coalesce(
      CASE WHEN pg_column_size(r.metadata) > ${most} THEN pg_column_size(r.metadata)
           ELSE octet_length(r.metadata::text) END, 0) AS bytes
    FROM (${rows}) r) s) p
WHERE upto <= ${most} OR upto = bytes
ORDER BY ${order}`;
}

/** `rows`: up to one more than the `size` that was asked for. */
export function toPage<Row extends PagedRow>(
  rows: readonly Row[],
  size: number,
  { session = toSession, token }: { readonly session?: (row: Row) => Session; readonly token: (last: Row) => string },
): { readonly sessions: readonly Session[]; readonly nextPageToken: string } {
  const page = rows.slice(0, size);
  const last = page.length < (rows[0]?.found ?? 0) ? page.at(-1) : undefined;
  return { sessions: page.map(session), nextPageToken: last === undefined ? '' : token(last) };
}
