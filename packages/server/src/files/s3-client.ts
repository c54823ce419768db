/** S3's operations that files need, each with a deadline; the client is loaded when the first of them is called. */
import type { S3Client } from '@aws-sdk/client-s3';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { S3Storage } from '../platform/file-storage.js';
import type { Log } from '../platform/log.js';
import { ensureInstalled } from '../platform/optional-parts.js';

type Sdk = typeof import('@aws-sdk/client-s3');

interface Loaded {
  readonly sdk: Sdk;
  readonly client: S3Client;
}

/** An object's place. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

export interface StoredPart {
  readonly number: number;
  readonly etag: string;
}

const CONNECT_MS = 3_000;
/** Of an operation with its repetitions; for each piece, when content comes. */
const ANSWER_MS = 10_000;
/** Of one that brings a part. */
const PART_MS = 15_000;
const ATTEMPTS = 2;
const RETRY_SECONDS = 5;

/** There is no such object, or no such upload. */
export class S3Missing extends Error {
  override readonly name = 'S3Missing';
}

/**
 * Every operation throws UNAVAILABLE when the storage is away, refuses, or doesn't answer in time; the constructor
 * PACKAGE_MISSING.
 */
export class S3 {
  #loaded: Promise<Loaded> | undefined;

  constructor(
    private readonly storage: S3Storage,
    private readonly log: Log,
  ) {
    ensureInstalled('s3', 'CONTINUO_FILES=s3://…');
  }

  put({ bucket: Bucket, key: Key }: S3Object, body: Buffer): Promise<void> {
    return this.#answered(PART_MS, async ({ sdk, client }, abortSignal) => {
      await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: body }), { abortSignal });
    });
  }

  /** Begins an upload in parts; answers with its id. */
  begin({ bucket: Bucket, key: Key }: S3Object): Promise<string> {
    return this.#answered(ANSWER_MS, async ({ sdk, client }, abortSignal) => {
      const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key }), { abortSignal });
      return known(UploadId);
    });
  }

  /** Answers with the part's ETag. Throws S3Missing for an upload that was given up or put together. */
  putPart({ bucket: Bucket, key: Key }: S3Object, UploadId: string, number: number, body: Buffer): Promise<string> {
    return this.#answered(PART_MS, async ({ sdk, client }, abortSignal) => {
      const command = new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: number, Body: body });
      return known((await client.send(command, { abortSignal })).ETag);
    });
  }

  /** Makes an object of the parts. Throws S3Missing as `putPart` does. */
  complete({ bucket: Bucket, key: Key }: S3Object, UploadId: string, parts: readonly StoredPart[]): Promise<void> {
    const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    return this.#answered(PART_MS, async ({ sdk, client }, abortSignal) => {
      const command = new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
      await client.send(command, { abortSignal });
    });
  }

  /** Gives an upload up, with its parts; also one that there isn't, and not where the storage doesn't know how. */
  abort({ bucket: Bucket, key: Key }: S3Object, UploadId: string, signal?: AbortSignal): Promise<void> {
    const abort = async ({ sdk, client }: Loaded, abortSignal: AbortSignal): Promise<void> => {
      const sent = client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal });
      await sent.catch((error: unknown) => {
        if (!(error instanceof Error && unable.has(error.name))) throw error;
      });
    };
    return this.#answered(ANSWER_MS, abort, signal).catch(unlessMissing);
  }

  /** Also one that there isn't. */
  remove({ bucket: Bucket, key: Key }: S3Object, signal: AbortSignal): Promise<void> {
    const remove = async ({ sdk, client }: Loaded, abortSignal: AbortSignal): Promise<void> => {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), { abortSignal });
    };
    return this.#answered(ANSWER_MS, remove, signal).catch(unlessMissing);
  }

  /** Bytes of an object; undefined when there is none. */
  async sizeOf({ bucket: Bucket, key: Key }: S3Object): Promise<number | undefined> {
    return this.#answered(ANSWER_MS, async ({ sdk, client }, abortSignal) => {
      return (await client.send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal })).ContentLength;
    }).catch(unlessMissing);
  }

  /** The bytes from `first` to `last`, both included. Throws S3Missing as well. */
  async *read({ bucket: Bucket, key: Key }: S3Object, first: number, last: number): AsyncGenerator<Buffer, void> {
    const body = await this.#answered(ANSWER_MS, async ({ sdk, client }, abortSignal) => {
      const command = new sdk.GetObjectCommand({ Bucket, Key, Range: `bytes=${first}-${last}` });
      return (await client.send(command, { abortSignal })).Body;
    });
    const chunks = (body as AsyncIterable<Buffer> | undefined)?.[Symbol.asyncIterator]();
    if (chunks === undefined) return;
    try {
      for (;;) {
        const next = await this.#answered(ANSWER_MS, (_, signal) => unlessAborted(chunks.next(), signal));
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      (body as { destroy?: () => void }).destroy?.();
    }
  }

  async #answered<Result>(
    ms: number,
    ask: (loaded: Loaded, signal: AbortSignal) => Promise<Result>,
    stopped?: AbortSignal,
  ): Promise<Result> {
    const stop = new AbortController();
    const abort = (): void =>
      stop.abort(new Error(`The storage of files took longer than ${ms} ms, or the server stops.`));
    let timer: NodeJS.Timeout | undefined;
    stopped?.addEventListener('abort', abort, { once: true });
    try {
      this.#loaded ??= this.#load();
      stopped?.throwIfAborted();
      // A busy machine takes seconds to load the client: that is no time that the storage has taken.
      const loaded = await this.#loaded;
      // Not AbortSignal.timeout, which would hold on to all that it was for until its time is over.
      timer = setTimeout(abort, ms);
      return await ask(loaded, stop.signal);
    } catch (error) {
      if (isMissing(error)) throw new S3Missing(messageOf(error), { cause: error });
      this.log.warn({ err: messageOf(error), bucket: this.storage.bucket }, 'the storage of files did not do it');
      const said = 'The storage of files cannot be reached; nothing was accepted. Try again.';
      throw new ContinuoError('UNAVAILABLE', said, { retryAfterSeconds: RETRY_SECONDS, cause: error });
    } finally {
      clearTimeout(timer);
      stopped?.removeEventListener('abort', abort);
    }
  }

  async #load(): Promise<Loaded> {
    const { endpoint, region, forcePathStyle } = this.storage;
    try {
      const sdk = await import('@aws-sdk/client-s3');
      const client = new sdk.S3Client({
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(region === undefined ? {} : { region }),
        forcePathStyle,
        maxAttempts: ATTEMPTS,
        // Storages that are older than these checksums refuse them.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        requestHandler: { connectionTimeout: CONNECT_MS },
      });
      return { sdk, client };
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
  }
}

const missing: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchUpload', 'NotFound']);
/** Simple storages have no way to do it: asking again would not help. */
const unable: ReadonlySet<string> = new Set(['NotImplemented', 'MethodNotAllowed']);

function isMissing(error: unknown): boolean {
  return error instanceof Error && missing.has(error.name);
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof S3Missing)) throw error;
}

function known(value: string | undefined): string {
  if (value === undefined) throw new Error('The storage of files left out what it should have answered.');
  return value;
}

/** Holds on to nothing when it has its result. */
function unlessAborted<Result>(step: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('Nothing more came of the content.'));
    signal.addEventListener('abort', abort, { once: true });
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
