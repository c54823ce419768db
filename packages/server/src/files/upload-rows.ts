/** The statements that carry an upload on: each does something only for the request that the upload belongs to. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { openSession } from '../sessions/open-session.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import { fileColumns, fileNotFound, toFile, UploadMismatch, type FileRow, type StoredFile } from './file.js';
import type { Upload } from './content-store.js';
import { inRoom, type Room, type Wanted } from './room.js';

export interface NewUpload {
  readonly id: string;
  readonly writer: string;
  readonly sessionId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly place: string;
  readonly length: number | undefined;
}

const insertSql = `
INSERT INTO files (id, tenant, owner, session_id, context_id, name, media_type, place, length, writer, created_at, touched_at)
SELECT $1::uuid, $2, $3, $4::uuid, $5, $6, $7, $8, $9::bigint, $10::uuid, $11::timestamptz, $11::timestamptz
WHERE NOT EXISTS (SELECT FROM removed_files WHERE file_id = $1::uuid)
ON CONFLICT (id) DO NOTHING
RETURNING ${fileColumns}`;

const claimSql = `
UPDATE files SET writer = $5, touched_at = $6, length = coalesce(length, $7::bigint)
WHERE id = $1 AND tenant = $2 AND owner = $3 AND bytes = $4 AND completed_at IS NULL
  AND coalesce(length = $7::bigint, true) AND coalesce(bytes <= $7::bigint, true)
RETURNING ${fileColumns}`;

const finishSql = `
UPDATE files SET completed_at = $4, touched_at = $4, sha256 = $5, length = bytes, multipart = NULL
WHERE id = $1 AND writer = $2 AND bytes = $3 AND completed_at IS NULL
RETURNING ${fileColumns}`;

/**
 * Opens the session where there is none, and an upload in it. Undefined when there is a file of this id, or content of one.
 * Throws QUOTA_EXCEEDED when there is no `room`.
 */
export async function insertUpload(
  database: Database,
  caller: Caller,
  upload: NewUpload,
  { at, room }: { readonly at: Date; readonly room: Room | undefined },
): Promise<Upload | undefined> {
  const { id, writer, sessionId, name, mediaType, place, length } = upload;
  try {
    const opened = await inRoom(database, caller, room, async (client, check) => {
      await check({ id, bytes: Math.max(1, length ?? 0) });
      const key = await openSession(client, caller, sessionId, at);
      const values = [id, caller.tenant, caller.owner, key, sessionId, name, mediaType, place, length, writer, at];
      const [row] = await client.query<FileRow>(insertSql, values);
      if (row === undefined) throw new IdTaken();
      return row;
    });
    return { file: toFile(opened), writer };
  } catch (error) {
    if (error instanceof IdTaken) return undefined;
    throw error;
  }
}

/** Takes back what was done before it was known. */
class IdTaken extends Error {}

/** Who adds to an upload, and what. */
export interface Claim {
  readonly id: string;
  readonly writer: string;
  /** Bytes that are stored. */
  readonly offset: number;
  /** Bytes of all of it, as far as the client says; kept from then on. */
  readonly length: number | undefined;
  /** Bytes that come now, as far as the client says. */
  readonly more: number | undefined;
  readonly at: Date;
  readonly room: Room | undefined;
}

/**
 * Takes an upload over from whoever added to it before. Throws FILE_NOT_FOUND, UploadMismatch for another offset, and
 * INVALID_ARGUMENT for another length than was announced, or less than is stored, and QUOTA_EXCEEDED: then nothing has changed.
 */
export async function claimUpload(
  database: Database,
  caller: Caller,
  { id, offset, length, more, writer, at, room }: Claim,
): Promise<Upload> {
  const values = [id, caller.tenant, caller.owner, offset, writer, at, length ?? null];
  const claim = async (client: Queryable, check?: (wanted: Wanted) => Promise<void>): Promise<FileRow | undefined> => {
    const [claimed] = await client.query<FileRow>(claimSql, values);
    const bytes = claimed?.length ?? offset + (more ?? 1);
    // Whoever has sent all of it needs no more.
    if (claimed !== undefined && bytes > offset) await check?.({ id, bytes });
    return claimed;
  };
  const row = await (room === undefined ? orUnavailable(() => claim(database)) : inRoom(database, caller, room, claim));
  if (row !== undefined) return { file: toFile(row), writer };
  const file = await readFile(database, caller, id);
  if (file === undefined) throw fileNotFound(id);
  if (!file.complete && file.bytes === offset && length !== undefined) refuseLength(file, length);
  throw new UploadMismatch(file);
}

function refuseLength(file: StoredFile, length: number): void {
  const { length: announced, bytes } = file;
  if (announced !== undefined && announced !== length) {
    throw invalidArgument('body', `${announced} bytes in all, as was announced`);
  }
  if (length < bytes) throw invalidArgument('Upload-Length', `at least ${bytes}, which are stored`);
}

/** Makes a file of an upload whose content is complete. */
export async function finishUpload(
  database: Database,
  { file: { id, bytes }, writer }: Upload,
  { sha256, at }: { readonly sha256: string; readonly at: Date },
): Promise<StoredFile> {
  const [row] = await orUnavailable(() => database.query<FileRow>(finishSql, [id, writer, bytes, at, sha256]));
  return row === undefined ? refused(database, id) : toFile(row);
}

/** Says why a statement found nothing to do: throws FILE_NOT_FOUND or UploadMismatch. */
export async function refused(database: Database, id: string): Promise<never> {
  const [row] = await orUnavailable(() =>
    database.query<FileRow>(`SELECT ${fileColumns} FROM files WHERE id = $1`, [id]),
  );
  if (row === undefined) throw fileNotFound(id);
  throw new UploadMismatch(toFile(row));
}

const readSql = `SELECT ${fileColumns} FROM files WHERE id = $1 AND tenant = $2 AND owner = $3`;

/** Undefined for what doesn't exist and for what isn't the caller's. */
export async function readFile(database: Database, caller: Caller, id: string): Promise<StoredFile | undefined> {
  const values = [id, caller.tenant, caller.owner];
  const [row] = await orUnavailable(() => database.prepared<FileRow>('read-file', readSql, values));
  return row === undefined ? undefined : toFile(row);
}
