/** Content as rows of pieces in PostgreSQL: each goes in with the count of what is stored, in one statement. */
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import type { ContentStore, ContentWriter, Upload } from './content-store.js';
import type { StoredFile } from './file.js';
import { refused } from './upload-rows.js';

export const IN_POSTGRES = 'postgres';
/** Pieces that one statement removes: 128 MiB. */
const REMOVED_AT_ONCE = 256;

const writeSql = `
WITH grown AS (
  UPDATE files SET bytes = bytes + octet_length($4::bytea), touched_at = now()
  WHERE id = $1 AND writer = $2 AND bytes = $3 AND completed_at IS NULL RETURNING id)
INSERT INTO file_pieces (file_id, first, content) SELECT id, $3, $4 FROM grown RETURNING first`;

const readSql = `
SELECT substring(content FROM ($2 - first + 1)::int FOR $3::int) AS content FROM file_pieces
WHERE file_id = $1 AND first <= $2 ORDER BY first DESC LIMIT 1`;

const removeSql = `
DELETE FROM file_pieces WHERE file_id = $1 AND first IN (
  SELECT first FROM file_pieces WHERE file_id = $1 ORDER BY first LIMIT ${REMOVED_AT_ONCE})
RETURNING 1`;

/** Adds a piece behind the `first` bytes that are stored. Throws UploadMismatch and FILE_NOT_FOUND. */
async function writePiece(database: Database, upload: Upload, first: number, piece: Buffer): Promise<void> {
  const values = [upload.file.id, upload.writer, first, piece];
  const rows = await orUnavailable(() => database.prepared<{ first: number }>('write-piece', writeSql, values));
  if (rows.length === 0) await refused(database, upload.file.id);
}

/** The bytes from `first` to `last`, as many at a time as a reader may hold. */
async function* readPieces(database: Database, id: string, first: number, last: number): AsyncGenerator<Buffer, void> {
  const leave = database.shares.enter();
  try {
    for (let at = first; at <= last;) {
      const values = [id, at, Math.min(database.shares.bytes, last - at + 1)];
      const [row] = await orUnavailable(() => database.prepared<{ content: Buffer }>('read-piece', readSql, values));
      if (row === undefined || row.content.length === 0) throw new Error(`File ${id} was deleted while it was read.`);
      at += row.content.length;
      yield row.content;
    }
  } finally {
    leave();
  }
}

async function removePieces(database: Queryable, id: string): Promise<void> {
  for (let more = true; more;) {
    const gone = await database.query(removeSql, [id]);
    more = gone.length === REMOVED_AT_ONCE;
  }
}

export class PieceStore implements ContentStore {
  constructor(private readonly database: Database) {}

  placeOf(): string {
    return IN_POSTGRES;
  }

  async writer(upload: Upload): Promise<ContentWriter> {
    let { bytes } = upload.file;
    return {
      write: async (piece) => {
        await writePiece(this.database, upload, bytes, piece);
        bytes += piece.length;
      },
      pause: () => Promise.resolve(),
      finish: () => Promise.resolve(),
    };
  }

  read({ id }: Pick<StoredFile, 'id'>, first: number, last: number): AsyncGenerator<Buffer, void> {
    return readPieces(this.database, id, first, last);
  }

  remove({ id }: Pick<StoredFile, 'id'>): Promise<void> {
    return removePieces(this.database.patient, id);
  }
}
