/** Content of the log as objects in the storage of files. Each counts as one to be removed until the log names it. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { ContentStores } from './content-stores.js';
import { S3Missing } from './s3-client.js';

/** Removed an hour later, unless the log names it by then; and once more, when nothing can be on its way to it any more. */
const noteSql = `
INSERT INTO removed_files (file_id, place, again, due_at) VALUES ($1, $2, true, now() + interval '1 hour')`;

const noteMultipartSql = `
UPDATE removed_files SET multipart = $2 WHERE file_id = $1 AND attempts = 0 RETURNING file_id`;

export class ContentObjects {
  constructor(
    private readonly database: Database,
    private readonly stores: ContentStores,
  ) {}

  /** Whether there is a storage for new ones. */
  get isOpen(): boolean {
    return this.stores.forObjects !== undefined;
  }

  /**
   * Stores an object of so many bytes; the log has to name it within the hour. Throws UNAVAILABLE when the storage is away:
   * what there is of it by then is removed.
   */
  async put(bytes: number, content: Iterable<Buffer>): Promise<{ readonly id: string; readonly place: string }> {
    const store = this.stores.forObjects;
    if (store === undefined) throw new Error('There is no storage for objects.');
    const id = newId();
    const place = store.placeOf(id);
    await orUnavailable(() => this.database.query(noteSql, [id, place]));
    try {
      await store.put({ place, bytes }, content, (multipart) => this.#noteMultipart(id, multipart));
    } catch (error) {
      throw error instanceof S3Missing ? tooLong(error) : error;
    }
    return { id, place };
  }

  /**
   * The bytes from `first` to `last`, both included. Throws UNAVAILABLE when the storage is away or the configuration names
   * none, and ARTIFACT_NOT_FOUND when the object is gone.
   */
  async *read(
    { id, place }: { readonly id: string; readonly place: string },
    first: number,
    last: number,
  ): AsyncGenerator<Buffer, void> {
    try {
      yield* this.stores.of({ place }).read({ id, place }, first, last);
    } catch (error) {
      if (!(error instanceof ContinuoError) || error.code !== 'FILE_NOT_FOUND') throw error;
      throw new ContinuoError('ARTIFACT_NOT_FOUND', 'The content is not in the storage any more.', { cause: error });
    }
  }

  async #noteMultipart(id: string, multipart: string): Promise<void> {
    const noted = await orUnavailable(() => this.database.query(noteMultipartSql, [id, multipart]));
    if (noted.length === 0) throw tooLong();
  }
}

function tooLong(cause?: unknown): ContinuoError {
  return new ContinuoError('UNAVAILABLE', 'Writing an object took too long; try again.', { cause });
}
