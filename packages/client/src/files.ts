/** `client.files`: uploads that go on where they broke off, and the files that they become. */
import { ContinuoApiError } from './api-error.js';
import { readBytes, type ReadOptions } from './read-bytes.js';
import type { File as StoredFile } from './schema.generated.js';
import type { Owned } from './tasks.js';
import type { Answer, CallOptions, Given, Transport } from './transport.js';
import { Upload, type Uploadable, type UploadOptions } from './upload.js';

const PAGE = 100;

/** Files that messages can name: `client.files`. */
export class FilesClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, the newest first. */
  list(query: Given<'listFiles'>['query'] = {}, options?: CallOptions): Promise<Answer<'listFiles'>> {
    return this.transport.call('listFiles', { query }, options);
  }

  /**
   * Uploads `content` in parts, and gives the file. A part that breaks off goes on behind the bytes that the server has of it.
   * A message may name it: `{ url: file.url }`. Throws ContinuoApiError: `PAYLOAD_TOO_LARGE`, `SESSION_NOT_FOUND` …
   *
   * @example
   * const file = await client.files.upload(await openAsBlob('plan.pdf'), { name: 'plan.pdf', mediaType: 'application/pdf' });
   */
  async upload(content: Uploadable, options: UploadOptions = {}): Promise<StoredFile> {
    const upload = new Upload(this.transport, content, options);
    const { id, sessionId, file } = await upload.finish();
    return file ?? (await this.#find(id, sessionId, options));
  }

  /** The content as bytes, piece by piece; what breaks off goes on where it was. */
  read(id: string, { owner, ...options }: ReadOptions & Owned = {}): AsyncGenerator<Uint8Array, void> {
    return readBytes(this.transport, this.transport.urlOf('readFile', { id }, { owner }), options);
  }

  /**
   * Deletes a file, also one whose upload is under way: in a session that somebody else shares that one alone. Throws
   * FILE_NOT_FOUND and PERMISSION_DENIED.
   */
  async delete(id: string, { owner, ...options }: CallOptions & Owned = {}): Promise<void> {
    await this.transport.call('deleteFile', { path: { id }, query: { owner } }, options);
  }

  /** The file of an upload whose last answer was lost. */
  async #find(id: string, sessionId: string, { owner, signal }: UploadOptions): Promise<StoredFile> {
    for (let pageToken = ''; ;) {
      const page = await this.list({ sessionId, owner, pageSize: PAGE, pageToken }, { signal });
      const found = page.files.find((file) => file.id === id);
      if (found !== undefined) return found;
      pageToken = page.nextPageToken;
      if (pageToken === '') throw new ContinuoApiError(404, 'FILE_NOT_FOUND', `File ${id} was not found.`);
    }
  }
}
