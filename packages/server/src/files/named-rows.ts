/** Files that messages name: found for their owner, and kept as long as a session that names them. */
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import { openSession } from '../sessions/open-session.js';
import { isShared, messagesOfSession } from '../sessions/views.js';
import { fileColumns, toFile, type FileRow, type StoredFile } from './file.js';
import { sessionKey } from '../sessions/append-messages.js';

const findSql = `
SELECT ${fileColumns} FROM files
WHERE id = ANY ($1::uuid[]) AND tenant = $2 AND owner = $3 AND completed_at IS NOT NULL`;

/** Those that are complete and the caller's. */
export async function findFiles(
  database: Database,
  { tenant, owner }: Caller,
  ids: readonly string[],
): Promise<readonly StoredFile[]> {
  const values = [ids, tenant, owner];
  const rows = await orUnavailable(() => database.prepared<FileRow>('find-files', findSql, values));
  return rows.map(toFile);
}

const liesInSql = 'SELECT session_id FROM files WHERE id = $1 AND tenant = $2 AND owner = $3';

const sharedSql = `
SELECT n.session_id FROM file_sessions n JOIN files f ON f.id = n.file_id
WHERE n.file_id = $1 AND f.tenant = $2 AND f.owner = $3 AND ${isShared('n.session_id', '$2', '$4')} LIMIT 1`;

/**
 * The key of the session that a file or an upload of the caller lies in; with a `reader` one that names it and is shared with
 * them, if there is any. Undefined for what isn't the caller's.
 */
export async function sessionOfFile(
  database: Database,
  { tenant, owner }: Caller,
  id: string,
  reader?: string,
): Promise<string | undefined> {
  const find = (sql: string, values: readonly unknown[]) =>
    orUnavailable(() => database.query<{ session_id: string }>(sql, values));
  const shared = reader === undefined ? [] : await find(sharedSql, [id, tenant, owner, reader]);
  const [row] = shared.length > 0 ? shared : await find(liesInSql, [id, tenant, owner]);
  return row?.session_id;
}

const insideSql = `
SELECT f.id FROM files f WHERE f.id = ANY ($1::uuid[])
AND (f.session_id = $2 OR EXISTS (SELECT FROM file_sessions n WHERE n.file_id = f.id AND n.session_id = $2))`;

/** Those that live with the session. */
export async function inSession(
  database: Database,
  caller: Caller,
  files: readonly StoredFile[],
  contextId: string,
): Promise<readonly StoredFile[]> {
  const values = [files.map(({ id }) => id), sessionKey(caller, contextId)];
  const rows = await orUnavailable(() => database.query<{ id: string }>(insideSql, values));
  const inside = new Set(rows.map(({ id }) => id));
  return files.filter(({ id }) => inside.has(id));
}

/** One that was uploaded by itself lies in a session in which nothing was said. */
const moveSql = `
UPDATE files f SET session_id = $2, context_id = $3
WHERE f.id = ANY ($1::uuid[]) AND f.session_id <> $2 AND NOT EXISTS (${messagesOfSession('f.session_id')})`;

const linkSql = `
INSERT INTO file_sessions (session_id, file_id) SELECT $2, f.id FROM files f
WHERE f.id = ANY ($1::uuid[]) AND f.session_id <> $2
ON CONFLICT DO NOTHING`;

/** Has the files live with the session, which is opened if there is none: also, or instead of one where nothing was said. */
export async function keepFiles(
  database: Database,
  caller: Caller,
  { ids, contextId, at }: { readonly ids: readonly string[]; readonly contextId: string; readonly at: Date },
): Promise<void> {
  const keep = async (client: Queryable): Promise<void> => {
    const key = await openSession(client, caller, contextId, at);
    await client.query(moveSql, [ids, key, contextId]);
    await client.query(linkSql, [ids, key]);
  };
  await orUnavailable(() => database.transaction(keep));
}
