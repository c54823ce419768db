/** One upload, in parts of a few MiB, each of which goes on behind what the server has of it (Resumable Uploads for HTTP). */
import { ContinuoApiError, isPassing } from './api-error.js';
import { newKey } from './new-key.js';
import type { File as StoredFile } from './schema.generated.js';
import type { Transport } from './transport.js';
import { pause, pauseAfter } from './waiting.js';

const PART_BYTES = 8 * 1024 ** 2;
const MOST_FAILURES = 8;
const MISMATCH = 409;

/** What can be uploaded: of a stream no more than a part is kept in memory, of a `Blob` nothing. */
export type Uploadable =
  | Blob
  | ArrayBuffer
  | Uint8Array
  | string
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** What an uploaded file is called, and where it belongs. */
export interface UploadOptions {
  /** Default: that of a `File`, else `file`. */
  readonly name?: string | undefined;
  /** Default: that of a `Blob`, else `application/octet-stream`. */
  readonly mediaType?: string | undefined;
  /** The session that the file lives with. Default: a new one. */
  readonly sessionId?: string | undefined;
  /** Whose session it is, where somebody else shares it. */
  readonly owner?: string | undefined;
  /** Told after each part; `total` is undefined for a stream. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number | undefined }) => void;
  /** Default: 8 MiB. */
  readonly partBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `file` is undefined when the answer that had it was lost. */
export interface Finished {
  readonly id: string;
  readonly sessionId: string;
  readonly file: StoredFile | undefined;
}

export class Upload {
  constructor(
    private readonly transport: Transport,
    private readonly content: Uploadable,
    private readonly options: UploadOptions,
  ) {}

  async finish(): Promise<Finished> {
    const total = sizeOf(this.content);
    const { id, sessionId } = await this.#begin(total);
    let place = 0;
    let file: StoredFile | undefined;
    for await (const { part, isLast } of partsOf(this.content, this.options.partBytes ?? PART_BYTES)) {
      file = await this.#send(id, { part, begin: place, isLast });
      place += part.size;
      this.options.onProgress?.({ bytes: place, total });
    }
    return { id, sessionId, file: file?.complete === true ? file : undefined };
  }

  /** An upload of which nothing is there yet: so that it has an address before anything can break off. */
  async #begin(total: number | undefined): Promise<StoredFile> {
    const { content, options } = this;
    const { sessionId, owner, signal } = options;
    const name = options.name ?? (isNamed(content) ? content.name : undefined);
    const mediaType = options.mediaType ?? (content instanceof Blob ? content.type : '');
    const headers = {
      'content-type': mediaType === '' ? 'application/octet-stream' : mediaType,
      'upload-complete': '?0',
      'idempotency-key': newKey(),
      ...(total === undefined ? {} : { 'upload-length': String(total) }),
    };
    const read = async (response: Response): Promise<StoredFile> => (await response.json()) as StoredFile;
    const url = this.transport.urlOf('uploadFile', {}, { sessionId, owner, name });
    const begun = await this.transport.send(url, { method: 'POST', headers }, { signal }, read);
    if (begun === undefined) throw new ContinuoApiError(0, 'UNKNOWN', 'The server did not say where to upload.');
    return begun;
  }

  /** Sends a part that begins at `begin`, and gives what the server says then; undefined when that was lost. */
  async #send(id: string, { part, begin, isLast }: Part & { readonly begin: number }): Promise<StoredFile | undefined> {
    const { signal, owner } = this.options;
    const url = this.transport.urlOf('continueUpload', { id }, { owner });
    let place = begin;
    for (let failures = 0; ;) {
      try {
        const headers = {
          'content-type': 'application/partial-upload',
          'upload-offset': String(place),
          'upload-complete': isLast ? '?1' : '?0',
        };
        const body = part.slice(place - begin);
        const { response, done } = await this.transport.open(url, { method: 'PATCH', headers, body }, { signal });
        return await (response.json() as Promise<StoredFile>).finally(done);
      } catch (error) {
        signal?.throwIfAborted();
        const isRefused = error instanceof ContinuoApiError && !isPassing(error) && error.status !== MISMATCH;
        failures += 1;
        if (isRefused || failures > MOST_FAILURES) throw error;
        const retryAfter = error instanceof ContinuoApiError ? error.retryAfter : undefined;
        await pause(pauseAfter(failures, retryAfter), signal);
        const progress = await this.#progress(url);
        if (progress.isComplete || (progress.bytes === begin + part.size && !isLast)) return undefined;
        if (progress.bytes > place) failures = 0;
        if (progress.bytes < begin || progress.bytes > begin + part.size) throw error;
        place = progress.bytes;
      }
    }
  }

  /** How far the server is. */
  async #progress(url: string): Promise<{ readonly bytes: number; readonly isComplete: boolean }> {
    const read = (response: Response): Promise<Headers> => Promise.resolve(response.headers);
    const headers = await this.transport.send(url, { method: 'HEAD' }, { signal: this.options.signal }, read);
    return {
      bytes: Number(headers?.get('upload-offset') ?? 0),
      isComplete: headers?.get('upload-complete') === '?1',
    };
  }
}

interface Part {
  readonly part: Blob;
  readonly isLast: boolean;
}

function isNamed(content: Uploadable): content is Blob & { readonly name: string } {
  return content instanceof Blob && 'name' in content && typeof content.name === 'string';
}

function sizeOf(content: Uploadable): number | undefined {
  return toBlob(content)?.size;
}

/** Undefined for what comes bit by bit. */
function toBlob(content: Uploadable): Blob | undefined {
  if (content instanceof Blob) return content;
  const isWhole = typeof content === 'string' || content instanceof ArrayBuffer || ArrayBuffer.isView(content);
  return isWhole ? new Blob([content as BlobPart]) : undefined;
}

/** At least one part, of at most `most` bytes or as large as what the stream gives. */
async function* partsOf(content: Uploadable, most: number): AsyncGenerator<Part, void> {
  const blob = toBlob(content);
  if (blob === undefined) yield* partsOfStream(content as AsyncIterable<Uint8Array>, most);
  else yield* partsOfBlob(blob, most);
}

function* partsOfBlob(blob: Blob, most: number): Generator<Part, void> {
  for (let begin = 0; begin === 0 || begin < blob.size; begin += most) {
    yield { part: blob.slice(begin, begin + most), isLast: begin + most >= blob.size };
  }
}

async function* partsOfStream(
  content: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  most: number,
): AsyncGenerator<Part, void> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of 'getReader' in content ? piecesOf(content) : content) {
    if (bytes + piece.byteLength > most && bytes > 0) {
      yield { part: new Blob(pieces as BlobPart[]), isLast: false };
      pieces = [];
      bytes = 0;
    }
    pieces.push(piece);
    bytes += piece.byteLength;
  }
  yield { part: new Blob(pieces as BlobPart[]), isLast: true };
}

/** Not all browsers can iterate over streams. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
