/** A file of a caller, or an upload that is to become one, as its row has it. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

export interface StoredFile {
  readonly id: string;
  /** A2A's contextId of the session that it lives with. */
  readonly sessionId: string;
  readonly name: string;
  readonly mediaType: string;
  /** Where its content lies: `postgres`, or `s3://bucket/key`. */
  readonly place: string;
  /** Bytes that are stored. */
  readonly bytes: number;
  /** Bytes of the whole content, as far as the client has said. */
  readonly length: number | undefined;
  /** In hexadecimal; undefined until the content is complete. */
  readonly sha256: string | undefined;
  readonly complete: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly touchedAt: Date;
  /** What a storage knows the unfinished upload by. */
  readonly multipart: string | undefined;
}

export interface FileRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly context_id: string;
  readonly name: string;
  readonly media_type: string;
  readonly place: string;
  readonly bytes: number;
  readonly length: number | null;
  readonly sha256: string | null;
  readonly created_at: Date;
  readonly touched_at: Date;
  readonly completed_at: Date | null;
  readonly multipart: string | null;
}

export const fileColumns =
  'id, context_id, name, media_type, place, bytes, length, sha256, created_at, touched_at, completed_at, multipart';

export function toFile(row: FileRow): StoredFile {
  return {
    id: row.id,
    sessionId: row.context_id,
    name: row.name,
    mediaType: row.media_type,
    place: row.place,
    bytes: row.bytes,
    length: row.length ?? undefined,
    sha256: row.sha256 ?? undefined,
    complete: row.completed_at !== null,
    createdAt: row.created_at.toISOString(),
    touchedAt: row.touched_at,
    multipart: row.multipart ?? undefined,
  };
}

/** The same for what doesn't exist, for what isn't the caller's, and for the content of an upload that isn't finished. */
export function fileNotFound(id: string): ContinuoError {
  return new ContinuoError('FILE_NOT_FOUND', `File ${id} was not found.`);
}

/** Something else than what the client believes is stored: it goes on from `bytes`, or has no need to. */
export class UploadMismatch extends ContinuoError {
  constructor(readonly file: Pick<StoredFile, 'bytes' | 'complete'>) {
    const state = file.complete
      ? 'The upload is complete; nothing can be added to it.'
      : `${file.bytes} bytes of the upload are stored, by this request or by another; go on from there.`;
    super('UPLOAD_MISMATCH', state, { field: 'Upload-Offset', expected: String(file.bytes) });
  }
}
