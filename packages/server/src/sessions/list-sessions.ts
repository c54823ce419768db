/** One page of the caller's sessions, most recently changed first, by cursor: so many or so many bytes, at least one. */
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Queryable, Reader } from '../platform/database.js';
import { prefixQuery } from '../platform/prefix-query.js';
import { rowsById } from '../platform/rows-by-id.js';
import type { SessionPage } from './session.js';
import { ownQuery } from './views.js';
import { toPage, withinBytes, type PagedRow } from './session-page.js';
import { sessionColumns } from './session-row.js';
import type { PageRequest } from './store-requests.js';

const cursor = new Cursor('sessions', timePosition);

/** A FROM item: the sessions that have all words in the title or in one message, each half by its own index. */
function matches(parameter: string): string {
  const query = ownQuery('$1', '$2', parameter);
  const found = `
    SELECT id FROM sessions WHERE title_words @@ ${query}
    UNION ALL SELECT session_id FROM messages WHERE words @@ ${query}`;
  return rowsById('sessions', found);
}

/** `q`: words of the title or of a message; the last one may be a beginning. */
export async function listSessions(
  database: Queryable & Pick<Reader, 'shares'>,
  caller: Caller,
  q: string | undefined,
  { size, token }: PageRequest,
): Promise<SessionPage> {
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['tenant = $1', 'owner = $2'];
  const query = prefixQuery(q);
  const source = query === undefined ? 'sessions' : `${matches(`$${values.push(query)}`)} s`;
  if (token !== '') {
    const [at, id] = cursor.decode(token);
    where.push(`(updated_at, id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
  }
  const found = `
    SELECT id, ${sessionColumns}, to_char(updated_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
    FROM ${source} WHERE ${where.join(' AND ')}
    ORDER BY updated_at DESC, id DESC LIMIT $${values.push(size + 1)}`;
  const most = `$${values.push(database.shares.mostBytes)}::int`;
  const rows = await database.query<PagedRow>(withinBytes(found, 'updated_at DESC, id DESC', most), values);
  return toPage(rows, size, { token: ({ cursor_at, id }) => cursor.encode([cursor_at, id]) });
}
