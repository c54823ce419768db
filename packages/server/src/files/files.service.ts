/** The files of callers: uploads that may be continued, and what has become of them. */
import { createHash } from 'node:crypto';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isId, newId } from '@continuo/agent/internal/platform/ids.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { recordAudit } from '../auth/audit-log.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, PATIENT_MS, type Database } from '../platform/database.js';
import type { Upload } from './content-store.js';
import type { ContentStores } from './content-stores.js';
import { fileNotFound, type StoredFile } from './file.js';
import { namedFile } from './file-url.js';
import { listFiles, type FileQuery, type StoredFilePage } from './list-files.js';
import { findFiles, inSession, keepFiles, sessionOfFile } from './named-rows.js';
import { receive } from './receive.js';
import { checkRoom, type Room, type Wanted } from './room.js';
import { claimUpload, finishUpload, insertUpload, readFile, type Claim } from './upload-rows.js';

/** Uploads that end with one of these are not kept: they would only take the room that there is not. */
const TOO_MUCH = ['PAYLOAD_TOO_LARGE', 'QUOTA_EXCEEDED'];

export interface FilesParts {
  readonly database: Database;
  readonly stores: ContentStores;
  /** What the caller may store in files; undefined: as much as there is. */
  readonly roomOf: (caller: Caller) => Promise<Room | undefined>;
  readonly clock: Clock;
  /** Largest file, in bytes. */
  readonly mostBytes: number;
  /** Where clients reach this server; undefined: wherever they reach it. */
  readonly publicUrl: string | undefined;
  /** Something was deleted whose content is to be removed. */
  readonly onRemoved: () => void;
}

export interface NewFile {
  readonly name: string;
  readonly mediaType: string;
  /** A2A's contextId; undefined: a new session is opened. */
  readonly sessionId: string | undefined;
  /** Bytes of all of it, as far as the client says. */
  readonly length: number | undefined;
}

export interface Naming {
  readonly requestUrl: string | undefined;
  readonly within: string | undefined;
}

export interface Adding {
  /** All of it has come then. */
  readonly complete: boolean;
  /** The client knows how to continue an upload. */
  readonly continuable: boolean;
}

/** A file to be read. */
export interface FileContent {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** The same for the same content, another for any other: its SHA-256. */
  readonly version: string;
  /** The bytes from `first` to `last`, both included. */
  read(first: number, last: number): AsyncGenerator<Buffer, void>;
}

export class FilesService {
  /** What is being stored of uploads. */
  readonly #adding = new Set<Promise<StoredFile>>();

  constructor(private readonly parts: FilesParts) {}

  /**
   * An upload in its session, which is opened if there is none. `claimed`: the id of what it makes, the same for each
   * repetition, which takes over what is there: an upload, or its file. Throws PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED,
   * UNAVAILABLE, and UPLOAD_MISMATCH while another request of the same id goes on adding.
   */
  async create(caller: Caller, { sessionId = newId(), ...about }: NewFile, claimed?: string): Promise<Upload> {
    const { database, stores, roomOf, clock } = this.parts;
    const known = claimed === undefined ? undefined : await this.find(caller, claimed);
    if (known !== undefined) return this.#again(caller, known);
    this.refuseBeyond(about.length ?? 0);
    const room = await roomOf(caller);
    const id = claimed ?? newId();
    const upload = { ...about, id, sessionId, writer: newId(), place: stores.forNewFiles.placeOf(id) };
    const begun = await insertUpload(database, caller, upload, { at: clock.now(), room });
    if (begun !== undefined) return begun;
    // The same request came twice at once, and the other was faster; or the content of what it made is still being removed.
    const other = await this.find(caller, id);
    if (other !== undefined) return this.#again(caller, other);
    throw new ContinuoError('UNAVAILABLE', 'What this Idempotency-Key has stood for is being removed.', {
      retryAfterSeconds: 5,
    });
  }

  /**
   * The upload, to go on from `offset`; whoever added to it before adds nothing more, and the `length` of all of it, as far
   * as the client says, holds from now on. Throws FILE_NOT_FOUND, UPLOAD_MISMATCH when something else than `offset` bytes is
   * stored, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, and INVALID_ARGUMENT for another length than was announced, or less than is
   * stored. `more`: bytes that come now, as far as the client says.
   */
  async continue(
    caller: Caller,
    id: string,
    { offset, length, more }: Pick<Claim, 'offset' | 'length' | 'more'>,
  ): Promise<Upload> {
    if (!isId(id)) throw fileNotFound(id);
    if (length !== undefined) this.refuseBeyond(length);
    const { database, roomOf, clock } = this.parts;
    const room = await roomOf(caller);
    return claimUpload(database, caller, { id, offset, length, more, writer: newId(), at: clock.now(), room });
  }

  /**
   * Stores what comes; with `complete` it makes a file of it. What was stored before something went wrong can be continued,
   * unless it was too much, or the storage is away and nobody would. Throws PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, INVALID_ARGUMENT for another length than was
   * announced, UPLOAD_MISMATCH when another request has taken the upload over, FILE_NOT_FOUND when it was deleted,
   * UNAVAILABLE, and what `content` throws.
   */
  async add(caller: Caller, upload: Upload, content: AsyncIterable<Buffer>, how: Adding): Promise<StoredFile> {
    const adding = this.#add(caller, upload, content, how.complete);
    this.#adding.add(adding);
    try {
      return await adding;
    } catch (error) {
      const code = error instanceof ContinuoError ? error.code : undefined;
      const isForNothing = code === 'UNAVAILABLE' && !how.continuable;
      if (isForNothing || (code !== undefined && TOO_MUCH.includes(code))) await this.#drop(caller, upload);
      throw error;
    } finally {
      this.#adding.delete(adding);
    }
  }

  /** Resolves when what has come of uploads is stored: for a server that has closed its connections, and is about to stop. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#adding);
  }

  /** Undefined for what doesn't exist and for what isn't the caller's. */
  async find(caller: Caller, id: string): Promise<StoredFile | undefined> {
    return isId(id) ? readFile(this.parts.database, caller, id) : undefined;
  }

  /** A file or an unfinished upload. Throws FILE_NOT_FOUND for what doesn't exist and for what isn't the caller's. */
  async get(caller: Caller, id: string): Promise<StoredFile> {
    const file = await this.find(caller, id);
    if (file === undefined) throw fileNotFound(id);
    return file;
  }

  /** The key of a session that it lives with: one that is shared with `reader`, if any is, or that in which it lies. */
  async sessionOf(caller: Caller, id: string, reader?: string): Promise<string | undefined> {
    return isId(id) ? sessionOfFile(this.parts.database, caller, id, reader) : undefined;
  }

  /** Newest first. Throws INVALID_ARGUMENT for a token that isn't of this list. */
  list(caller: Caller, query: FileQuery): Promise<StoredFilePage> {
    return orUnavailable(() => listFiles(this.parts.database, caller, query));
  }

  /** Throws FILE_NOT_FOUND for an upload that isn't finished. */
  content(file: StoredFile): FileContent {
    const { id, name, mediaType, bytes, sha256: version } = file;
    if (version === undefined) throw fileNotFound(id);
    const read = (first: number, last: number) => this.parts.stores.of(file).read(file, first, last);
    return { name, mediaType, bytes, version, read };
  }

  /**
   * The file of `caller` that `url` names; undefined for an address that is none of this server's files'. Throws
   * FILE_NOT_FOUND for a file that isn't there, isn't complete or isn't the caller's.
   */
  async named(caller: Caller, url: string): Promise<FileContent | undefined> {
    const { database, publicUrl } = this.parts;
    const name = namedFile(url, { publicUrl });
    if (name === undefined) return undefined;
    const [file] = isId(name.id) ? await findFiles(database, caller, [name.id]) : [];
    if (file !== undefined) return this.content(file);
    if (name.certain) throw fileNotFound(name.id);
    return undefined;
  }

  /**
   * The files of `caller` that the parts of a message name; `requestUrl`: where it was sent to; `within`: the session that
   * they have to live with. Throws INVALID_ARGUMENT for one that isn't there, isn't complete or isn't the caller's.
   */
  async namedIn(
    caller: Caller,
    parts: readonly Part[],
    { requestUrl, within }: Naming,
  ): Promise<readonly StoredFile[]> {
    const { database, publicUrl } = this.parts;
    const names = parts.flatMap(({ url }, index) => {
      const name = url === undefined ? undefined : namedFile(url, { publicUrl, requestUrl });
      return name === undefined ? [] : [{ ...name, index }];
    });
    const ids = [...new Set(names.map(({ id }) => id.toLowerCase()).filter(isId))];
    const found = ids.length === 0 ? [] : await findFiles(database, caller, ids);
    const allowed = within === undefined ? found : await inSession(database, caller, found, within);
    const [known, named] = [found, allowed].map((files) => new Set(files.map(({ id }) => id)));
    const missing = names.find(({ id, certain }) => {
      const own = id.toLowerCase();
      return (certain || known?.has(own) === true) && named?.has(own) !== true;
    });
    if (missing === undefined) return found;
    throw invalidArgument(
      `message.parts[${missing.index}].url`,
      'the address of a file of the caller that is complete',
    );
  }

  /** Files that a message of a session names live with it from now on; the session is opened if there is none. */
  async keepWith(caller: Caller, files: readonly StoredFile[], contextId: string): Promise<void> {
    const ids = files.filter(({ sessionId }) => sessionId !== contextId).map(({ id }) => id);
    const { database, clock } = this.parts;
    if (ids.length > 0) await keepFiles(database, caller, { ids, contextId, at: clock.now() });
  }

  /** It is gone at once; its content follows. Throws FILE_NOT_FOUND. */
  async remove(caller: Caller, id: string): Promise<void> {
    if (!isId(id) || !(await this.#delete(caller, id, { isAudited: true }))) throw fileNotFound(id);
  }

  /** Deletes an upload that isn't finished. Throws FILE_NOT_FOUND, and PERMISSION_DENIED for a file. */
  async giveUp(caller: Caller, id: string): Promise<void> {
    if (isId(id) && (await this.#delete(caller, id, { isAudited: true, unfinished: true }))) return;
    await this.get(caller, id);
    throw new ContinuoError('PERMISSION_DENIED', `A file is deleted by its owner alone, who is ${caller.owner}.`);
  }

  async #checkRoom(caller: Caller, wanted: Wanted): Promise<void> {
    const room = await this.parts.roomOf(caller);
    if (room !== undefined) await orUnavailable(() => checkRoom(this.parts.database, caller, room, wanted));
  }

  #again(caller: Caller, file: StoredFile): Promise<Upload> | Upload {
    return file.complete
      ? { file, writer: newId() }
      : this.continue(caller, file.id, { offset: file.bytes, length: undefined, more: undefined });
  }

  async #add(caller: Caller, upload: Upload, content: AsyncIterable<Buffer>, complete: boolean): Promise<StoredFile> {
    const { database, stores, mostBytes, clock } = this.parts;
    const writer = await stores.of(upload.file).writer(upload);
    const { id, length: announced = 0 } = upload.file;
    const fits = (stored: number): Promise<void> => this.#checkRoom(caller, { id, bytes: Math.max(announced, stored) });
    const { bytes, sha256 } = await receive(content, upload, writer, { mostBytes, checkRoom: fits });
    const file = { ...upload.file, bytes };
    const { length = bytes } = file;
    if (!complete || bytes < length) {
      await writer.pause();
      if (!complete) return file;
      throw invalidArgument('body', `${length} bytes in all, as was announced`);
    }
    await writer.finish();
    const hash = sha256 ?? (await this.#hashOf(file));
    return finishUpload(database, { ...upload, file }, { sha256: hash, at: clock.now() });
  }

  /** Read once more: its beginning came with another request, perhaps to another instance. */
  async #hashOf(file: StoredFile): Promise<string> {
    const hash = createHash('sha256');
    if (file.bytes > 0) {
      for await (const piece of this.parts.stores.of(file).read(file, 0, file.bytes - 1)) hash.update(piece);
    }
    return hash.digest('hex');
  }

  /** As far as the database allows it: what is left expires. */
  async #drop(caller: Caller, { file }: Upload): Promise<void> {
    await this.#delete(caller, file.id).catch(() => undefined);
  }

  /** `unfinished`: no file. False when there is none. */
  async #delete(caller: Caller, id: string, { isAudited = false, unfinished = false } = {}): Promise<boolean> {
    const { tenant, owner } = caller;
    const gone = await orUnavailable(() =>
      this.parts.database.transaction(async (client) => {
        const sql = `DELETE FROM files WHERE id = $1 AND tenant = $2 AND owner = $3
                     AND (completed_at IS NULL OR NOT $4) RETURNING id`;
        const rows = await client.query(sql, [id, tenant, owner, unfinished]);
        if (rows.length > 0 && isAudited) {
          await recordAudit(client, { tenant, owner, action: 'file.deleted', subject: id });
        }
        return rows.length > 0;
      }, PATIENT_MS),
    );
    if (gone) this.parts.onRemoved();
    return gone;
  }

  /** Throws PAYLOAD_TOO_LARGE. */
  refuseBeyond(bytes: number): void {
    const { mostBytes } = this.parts;
    if (bytes > mostBytes) throw new ContinuoError('PAYLOAD_TOO_LARGE', `A file has at most ${mostBytes} bytes.`);
  }
}
