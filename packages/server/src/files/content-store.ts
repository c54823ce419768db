/** Where the content of files lies: what a storage has to be able to do. */
import type { StoredFile } from './file.js';

/** An upload under way, and the request that it belongs to. */
export interface Upload {
  readonly file: StoredFile;
  /** Fences off every other request that would add to the same file. */
  readonly writer: string;
}

/** What was deleted, and may lie in the storage still. */
export type RemovedFile = Pick<StoredFile, 'id' | 'place' | 'multipart'>;

/** Adds content to an upload behind what is stored of it; one request's, from its first piece to its last. */
export interface ContentWriter {
  /**
   * Takes a piece, which the caller may write over as soon as this resolves. Throws UploadMismatch when another request
   * adds to the upload now, and UNAVAILABLE when the storage is away.
   */
  write(piece: Buffer): Promise<void>;
  /** Keeps what was taken: it may be continued later, by any instance. */
  pause(): Promise<void>;
  /** Puts the content together: all of it was taken. It can be read from now on. */
  finish(): Promise<void>;
}

export interface ContentStore {
  /** The place of a new file's content. */
  placeOf(id: string): string;
  writer(upload: Upload): Promise<ContentWriter>;
  /** The bytes from `first` to `last`, both included. Throws UNAVAILABLE when the storage is away. */
  read(file: Pick<StoredFile, 'id' | 'place'>, first: number, last: number): AsyncGenerator<Buffer, void>;
  /** Removes all that there is, finished or not; also when there is nothing. Throws when some may be left, or `signal` says so. */
  remove(file: RemovedFile, signal: AbortSignal): Promise<void>;
}
