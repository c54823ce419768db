/** Content as objects in S3. What comes is staged in PostgreSQL until there is enough for a part: there it can be continued. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { Turns } from '@continuo/agent/internal/platform/turns.js';
import type { Database } from '../platform/database.js';
import type { S3Storage } from '../platform/file-storage.js';
import type { ContentStore, ContentWriter, RemovedFile, Upload } from './content-store.js';
import { fileNotFound, type StoredFile } from './file.js';
import { Filler } from './filler.js';
import { checkWriter, forgetParts, noteMultipart, notePart, partsOf } from './part-rows.js';
import type { PieceStore } from './pieces.js';
import { S3Missing, type S3, type S3Object, type StoredPart } from './s3-client.js';

/** S3 takes no smaller ones but the last, and no more than 10,000: enough for the largest file that may be uploaded. */
const PART_BYTES = 5 * 1024 ** 2;
/** Parts that are in memory at the same time. */
const PARTS_AT_ONCE = 3;
/** How long an upload waits until its part may be sent. */
const TURN_MS = 15_000;

export interface S3StoreParts {
  readonly database: Database;
  readonly storage: S3Storage;
  readonly s3: S3;
  /** Where content is staged. */
  readonly pieces: PieceStore;
}

export class S3Store implements ContentStore {
  readonly #turns = new Turns(PARTS_AT_ONCE);
  /** Of parts that were sent: nothing is left in memory for the garbage collector to find in time. */
  readonly #buffers: Buffer[] = [];

  constructor(private readonly parts: S3StoreParts) {}

  placeOf(id: string): string {
    const { bucket, prefix } = this.parts.storage;
    return `s3://${bucket}/${prefix}${id}`;
  }

  async writer(upload: Upload): Promise<ContentWriter> {
    const writer = await this.#writer(upload);
    const orGone = (error: unknown): never => {
      if (!(error instanceof S3Missing)) throw error;
      const said = `The storage has given upload ${upload.file.id} up; begin a new one.`;
      throw new ContinuoError('FILE_NOT_FOUND', said, { cause: error });
    };
    return {
      write: (piece) => writer.write(piece).catch(orGone),
      pause: () => writer.pause(),
      finish: () => writer.finish().catch(orGone),
    };
  }

  async #writer(upload: Upload): Promise<ContentWriter> {
    const { database, pieces } = this.parts;
    const staging = await pieces.writer(upload);
    let { bytes } = upload.file;
    let { multipart } = upload.file;
    let sent = bytes === 0 ? 0 : (await partsOf(database, upload.file.id)).length;
    let isNew = bytes === 0;
    const send = async (end: number): Promise<void> => {
      multipart ??= await this.#begin(upload);
      await this.#sendPart({ ...upload, file: { ...upload.file, multipart } }, sent + 1, end);
      sent += 1;
    };
    return {
      write: async (piece) => {
        await staging.write(piece);
        bytes += piece.length;
        isNew = true;
        while ((sent + 1) * PART_BYTES <= bytes) await send((sent + 1) * PART_BYTES);
      },
      pause: () => Promise.resolve(),
      finish: async () => {
        // A request before may have got so far that only the row was left to do.
        const isThere = !isNew && (await this.parts.s3.sizeOf(objectOf(upload.file))) === bytes;
        if (!isThere) {
          await checkWriter(database, upload);
          if (sent === 0 && bytes <= PART_BYTES) await this.#put(upload, bytes);
          else {
            while (sent * PART_BYTES < bytes) await send(Math.min((sent + 1) * PART_BYTES, bytes));
            await this.#complete({ ...upload.file, bytes }, multipart ?? '');
          }
        }
        await pieces.remove(upload.file);
        await forgetParts(database, upload.file.id);
      },
    };
  }

  async *read(file: Pick<StoredFile, 'id' | 'place'>, first: number, last: number): AsyncGenerator<Buffer, void> {
    try {
      yield* this.parts.s3.read(objectOf(file), first, last);
    } catch (error) {
      throw error instanceof S3Missing ? fileNotFound(file.id) : error;
    }
  }

  /**
   * Stores an object as a whole. `begun` is called with the name of an upload in parts before its first one: whoever removes
   * the object has to know it.
   */
  async put(
    { place, bytes }: Pick<StoredFile, 'place' | 'bytes'>,
    content: Iterable<Buffer>,
    begun: (multipart: string) => Promise<void>,
  ): Promise<void> {
    const { s3 } = this.parts;
    const object = objectOf({ place });
    const filler = new Filler(content);
    const fill = (buffer: Buffer): Buffer => filler.fill(buffer);
    if (bytes <= PART_BYTES) {
      await this.#inTurn(() => this.#withBuffer(fill, (whole) => s3.put(object, whole)));
      return;
    }
    const multipart = await this.#begun(object, begun);
    const parts: StoredPart[] = [];
    for (let number = 1; (number - 1) * PART_BYTES < bytes; number += 1) {
      const send = (part: Buffer): Promise<string> => s3.putPart(object, multipart, number, part);
      await this.#inTurn(async () => {
        parts.push({ number, etag: await this.#withBuffer(fill, send) });
      });
    }
    await this.#putTogether({ place, bytes }, multipart, parts);
  }

  async remove(file: RemovedFile, signal: AbortSignal): Promise<void> {
    const { s3, pieces } = this.parts;
    const object = objectOf(file);
    if (file.multipart !== undefined) await s3.abort(object, file.multipart, signal);
    await s3.remove(object, signal);
    await pieces.remove(file);
  }

  #begin(upload: Upload): Promise<string> {
    return this.#begun(objectOf(upload.file), (multipart) => noteMultipart(this.parts.database, upload, multipart));
  }

  /** An upload in parts that is noted, or given up. */
  async #begun(object: S3Object, note: (multipart: string) => Promise<void>): Promise<string> {
    const { s3 } = this.parts;
    const multipart = await s3.begin(object);
    try {
      await note(multipart);
    } catch (error) {
      await s3.abort(object, multipart).catch(() => undefined);
      throw error;
    }
    return multipart;
  }

  #sendPart(upload: Upload, number: number, end: number): Promise<void> {
    const { s3, database } = this.parts;
    return this.#inTurn(async () => {
      const { file } = upload;
      const etag = await this.#withStaged(file, (number - 1) * PART_BYTES, end, (content) =>
        s3.putPart(objectOf(file), file.multipart ?? '', number, content),
      );
      await notePart(database, upload, { number, etag, end });
    });
  }

  #put({ file }: Upload, bytes: number): Promise<void> {
    const put = (content: Buffer): Promise<void> => this.parts.s3.put(objectOf(file), content);
    return this.#inTurn(() => this.#withStaged(file, 0, bytes, put));
  }

  async #complete(file: StoredFile, multipart: string): Promise<void> {
    await this.#putTogether(file, multipart, await partsOf(this.parts.database, file.id));
  }

  /** Where there is no such upload any more it may have been put together by a request before, whose answer was lost. */
  async #putTogether(
    { place, bytes }: Pick<StoredFile, 'place' | 'bytes'>,
    multipart: string,
    parts: readonly StoredPart[],
  ): Promise<void> {
    const { s3 } = this.parts;
    const object = objectOf({ place });
    try {
      await s3.complete(object, multipart, parts);
    } catch (error) {
      if (!(error instanceof S3Missing) || (await s3.sizeOf(object)) !== bytes) throw error;
    }
  }

  #withStaged<Result>(
    file: Pick<StoredFile, 'id'>,
    first: number,
    end: number,
    send: (content: Buffer) => Promise<Result>,
  ): Promise<Result> {
    return this.#withBuffer(async (buffer) => {
      let at = 0;
      if (end > first)
        for await (const piece of this.parts.pieces.read(file, first, end - 1)) at += piece.copy(buffer, at);
      return buffer.subarray(0, end - first);
    }, send);
  }

  async #withBuffer<Result>(
    fill: (buffer: Buffer) => Buffer | Promise<Buffer>,
    send: (content: Buffer) => Promise<Result>,
  ): Promise<Result> {
    const buffer = this.#buffers.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES);
    const sent = await send(await fill(buffer));
    // One that could not be sent may be on its way still, and is not written over.
    this.#buffers.push(buffer);
    return sent;
  }

  /** Throws UNAVAILABLE when it isn't its turn in time: the storage is slow, or away. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const said = 'The storage of files is too slow; nothing was accepted. Try again.';
    const late = (): Error => new ContinuoError('UNAVAILABLE', said, { retryAfterSeconds: TURN_MS / 1000 });
    return this.#turns.take(work, { ms: TURN_MS, late });
  }
}

/** As its place says, wherever new files go. */
function objectOf({ place }: Pick<StoredFile, 'place'>): S3Object {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  return { bucket, key };
}
