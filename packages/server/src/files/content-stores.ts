/** The storages that this server knows: where new files go, and where those lie that are there. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { S3Storage } from '../platform/file-storage.js';
import type { Log } from '../platform/log.js';
import type { Database } from '../platform/database.js';
import type { ContentStore } from './content-store.js';
import type { StoredFile } from './file.js';
import { IN_POSTGRES, PieceStore } from './pieces.js';
import { S3 } from './s3-client.js';
import { S3Store } from './s3-store.js';

const RETRY_SECONDS = 30;

export class ContentStores {
  readonly #pieces: PieceStore;

  readonly #elsewhere: S3Store | undefined;

  /** `storage`: where new files go, if not into PostgreSQL. */
  constructor(database: Database, storage: S3Storage | undefined, log: Log) {
    const pieces = new PieceStore(database);
    this.#pieces = pieces;
    this.#elsewhere = storage && new S3Store({ database, storage, s3: new S3(storage, log), pieces });
  }

  get forNewFiles(): ContentStore {
    return this.#elsewhere ?? this.#pieces;
  }

  /** Undefined: what is no file stays in PostgreSQL. */
  get forObjects(): S3Store | undefined {
    return this.#elsewhere;
  }

  /** Throws UNAVAILABLE for content in a storage that the configuration doesn't name any more. */
  of({ place }: Pick<StoredFile, 'place'>): ContentStore {
    if (place === IN_POSTGRES) return this.#pieces;
    if (this.#elsewhere !== undefined) return this.#elsewhere;
    throw new ContinuoError('UNAVAILABLE', 'The content lies in a storage that CONTINUO_FILES does not name.', {
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
}
