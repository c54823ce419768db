/** The statements of uploads into S3: what is staged in PostgreSQL, and which parts S3 has. Each is fenced by the writer. */
import { orUnavailable, type Database } from '../platform/database.js';
import type { Upload } from './content-store.js';
import type { StoredPart } from './s3-client.js';
import { refused } from './upload-rows.js';

const beginSql = `
UPDATE files SET multipart = $3 WHERE id = $1 AND writer = $2 AND multipart IS NULL AND completed_at IS NULL RETURNING id`;

/** Notes what S3 knows the upload by. Throws UploadMismatch and FILE_NOT_FOUND for one that isn't this request's any more. */
export async function noteMultipart(database: Database, { file, writer }: Upload, multipart: string): Promise<void> {
  const rows = await orUnavailable(() => database.query(beginSql, [file.id, writer, multipart]));
  if (rows.length === 0) await refused(database, file.id);
}

/** A piece that begins in the part and ends behind it is of the next one, too. */
const partSql = `
WITH noted AS (
  INSERT INTO file_parts (file_id, number, etag)
  SELECT id, $3, $4 FROM files WHERE id = $1 AND writer = $2 AND completed_at IS NULL
  ON CONFLICT (file_id, number) DO UPDATE SET etag = EXCLUDED.etag RETURNING file_id),
gone AS (
  DELETE FROM file_pieces WHERE file_id IN (SELECT file_id FROM noted) AND first + octet_length(content) <= $5)
SELECT file_id FROM noted`;

/** S3 has the part, which ends before byte `end`: its staged pieces go. Throws as `noteMultipart` does. */
export async function notePart(
  database: Database,
  { file, writer }: Upload,
  { number, etag, end }: StoredPart & { readonly end: number },
): Promise<void> {
  const rows = await orUnavailable(() => database.query(partSql, [file.id, writer, number, etag, end]));
  if (rows.length === 0) await refused(database, file.id);
}

/** In their order. */
export function partsOf(database: Database, id: string): Promise<readonly StoredPart[]> {
  const sql = 'SELECT number, etag FROM file_parts WHERE file_id = $1 ORDER BY number';
  return orUnavailable(() => database.query<{ number: number; etag: string }>(sql, [id]));
}

const ownSql = 'SELECT id FROM files WHERE id = $1 AND writer = $2 AND completed_at IS NULL';

/** Throws as `noteMultipart` does. */
export async function checkWriter(database: Database, { file, writer }: Upload): Promise<void> {
  const rows = await orUnavailable(() => database.query(ownSql, [file.id, writer]));
  if (rows.length === 0) await refused(database, file.id);
}

/** They are in the object. */
export async function forgetParts(database: Database, id: string): Promise<void> {
  await orUnavailable(() => database.query('DELETE FROM file_parts WHERE file_id = $1', [id]));
}
