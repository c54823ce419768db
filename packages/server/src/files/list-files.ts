/** One page of a caller's files, newest first, by cursor. */
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Queryable } from '../platform/database.js';
import { sessionKey } from '../sessions/append-messages.js';
import { fileColumns, toFile, type FileRow, type StoredFile } from './file.js';

const cursor = new Cursor('files', timePosition);

export interface FileQuery {
  /** A2A's contextId; undefined: of all sessions. */
  readonly sessionId: string | undefined;
  /** False: uploads that may be continued, in place of files. */
  readonly complete: boolean;
  /** At least 1. */
  readonly size: number;
  /** Empty for the first page. */
  readonly token: string;
}

export interface StoredFilePage {
  readonly files: readonly StoredFile[];
  readonly nextPageToken: string;
}

export async function listFiles(database: Queryable, caller: Caller, query: FileQuery): Promise<StoredFilePage> {
  const { sessionId, complete, size, token } = query;
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['tenant = $1', 'owner = $2', `completed_at IS ${complete ? 'NOT NULL' : 'NULL'}`];
  if (sessionId !== undefined) where.push(`session_id = $${values.push(sessionKey(caller, sessionId))}`);
  if (token !== '') {
    const [at, id] = cursor.decode(token);
    where.push(`(created_at, id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
  }
  const rows = await database.query<FileRow & { cursor_at: string }>(
    `SELECT ${fileColumns}, to_char(created_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
     FROM files WHERE ${where.join(' AND ')}
     ORDER BY created_at DESC, id DESC LIMIT $${values.push(size + 1)}`,
    values,
  );
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    files: rows.slice(0, size).map(toFile),
    nextPageToken: last === undefined ? '' : cursor.encode([last.cursor_at, last.id]),
  };
}
