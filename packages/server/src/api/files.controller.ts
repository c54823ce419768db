/** `/files`: uploads, which can be continued, and the files that they become. */
import { Inject, Optional } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import { CONFIG } from '@continuo/agent/internal/platform/tokens.js';
import { fileNotFound, UploadMismatch, type StoredFile } from '../files/file.js';
import { fileUrl } from '../files/file-url.js';
import type { Upload } from '../files/content-store.js';
import { FilesService } from '../files/files.service.js';
import { BodyBrokenOff, bodyChunks, letTakeItsTime } from '../platform/body-chunks.js';
import { IDEMPOTENCY_KEY, idempotencyKey, IdempotencyKeys } from '../calls/idempotency.js';
import type { Caller } from '../platform/caller.js';
import { CallerLimits } from '../platform/caller-limits.js';
import type { Config } from '../platform/config.js';
import { addressOf } from '../platform/host-header.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CallerWith } from './caller.js';
import { flag, paging, text } from './query-parameters.js';
import { drained, notStored } from './repeated-upload.js';
import { sendFile } from './send-file.js';
import { sharedParameters, SharedAccess } from './shared-access.js';
import {
  lengthOf,
  mediaTypeOf,
  nameOf,
  refuseEncoded,
  refuseUnlessPartial,
  tellProgress,
  tellWhereToResume,
  uploadComplete,
  wholeNumberIn,
} from './upload-headers.js';
import { ApiController, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from './route-decorators.js';

const sessionId = text.refine((id) => id === undefined || (id.length <= 256 && isStorableText(id)), {
  error: 'expected the id of a session, at most 256 characters',
});
export const uploadParameters = sharedParameters.extend({
  sessionId: sessionId.describe('The session that the file lives with; default: a new one.'),
  name: text.describe('The name of the file, where Content-Disposition does not say it.'),
});
export const fileListParameters = sharedParameters.extend({
  ...paging,
  sessionId,
  complete: flag(true).describe('false: uploads that are not finished.'),
});

export interface FileInfo {
  readonly id: string;
  /** What a message's part may name, and where the content is. */
  readonly url: string;
  readonly name: string;
  readonly mediaType: string;
  /** Stored bytes. */
  readonly bytes: number;
  /** In hexadecimal; null until the content is complete. */
  readonly sha256: string | null;
  readonly sessionId: string;
  /** False: an upload that may be continued until `expiresAt`, and no file. */
  readonly complete: boolean;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

export interface FilePage {
  readonly files: readonly FileInfo[];
  readonly nextPageToken: string;
}

type FilesConfig = Pick<Config, 'publicUrl' | 'fileBytes' | 'uploadTimeoutMs' | 'requestTimeoutMs'>;

@ApiController('files')
export class FilesController {
  constructor(
    @Inject(FilesService) private readonly files: FilesService,
    @Optional() @Inject(SessionsService) private readonly sessions: SessionsService | undefined,
    @Inject(SharedAccess) private readonly access: SharedAccess,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(CONFIG) private readonly config: FilesConfig,
  ) {}

  @Get()
  async list(@CallerWith('read') caller: Caller, @Query() query: unknown, @Req() request: Request): Promise<FilePage> {
    const { pageSize: size, pageToken: token, ...rest } = parse(fileListParameters, query);
    const whose = await this.#toSession(caller, query, rest.sessionId, 'read');
    const page = await this.files.list(whose, { ...rest, size, token });
    return { ...page, files: page.files.map((file) => this.#told(request, file)) };
  }

  /**
   * The body is the content. With `Upload-Complete: ?0` it is its beginning, and more follows with PATCH. A repeated
   * Idempotency-Key goes on with the same upload, or answers with the file that it has become.
   */
  @Post()
  async upload(
    @CallerWith('write') caller: Caller,
    @Query() query: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileInfo | undefined> {
    if (this.sessions === undefined) {
      const reason = 'This server keeps no sessions (CONTINUO_SESSIONS is false), and files live with one.';
      throw new ContinuoError('UNSUPPORTED_OPERATION', reason);
    }
    letTakeItsTime(request);
    const { sessionId: inSession, name } = parse(uploadParameters, query);
    refuseEncoded(request);
    const said = uploadComplete(request);
    const isComplete = said ?? true;
    const about = {
      name: nameOf(request, name),
      mediaType: mediaTypeOf(request),
      sessionId: inSession,
      length: lengthOf(request, 0, isComplete),
    };
    const whose = await this.#toSession(caller, query, inSession, 'write');
    this.limits.countStream(caller, response);
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const asked = { ...about, complete: said, owner: whose.owner };
    const claimed = await this.idempotency.claim(caller, key, 'upload a file', asked);
    const upload = await this.files.create(whose, about, claimed);
    const url = this.#urlOf(request, upload.file.id);
    tellWhereToResume(request, response, url);
    response.location(url);
    const isRepeatable = claimed !== undefined;
    return this.#receive(whose, upload, {
      isComplete,
      isContinuable: said !== undefined,
      isRepeatable,
      request,
      response,
    });
  }

  /** The content of a file. Of an upload that isn't finished, HEAD tells how far it is. */
  @Get(':id')
  async read(
    @CallerWith('read') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const check = (): Promise<Caller> => this.access.toFile(caller, query, id, 'read');
    const whose = await this.access.whileOpen(caller, response, check);
    const file = await this.files.get(whose, id);
    if (!file.complete && request.method !== 'HEAD') throw fileNotFound(id);
    if (request.method === 'HEAD') tellProgress(response, file, this.#limit(file));
    if (!file.complete) {
      response.status(204).end();
      return;
    }
    this.limits.countStream(caller, response);
    await sendFile(request, response, this.files.content(file));
  }

  /** Adds the body to an upload, behind the `Upload-Offset` bytes that are stored of it. */
  @Patch(':id')
  async add(
    @CallerWith('write') caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileInfo | undefined> {
    letTakeItsTime(request);
    const whose = await this.access.toFile(caller, query, id, 'write');
    refuseUnlessPartial(request);
    refuseEncoded(request);
    const offset = wholeNumberIn(request, 'Upload-Offset');
    if (offset === undefined) throw invalidArgument('Upload-Offset', 'the number of bytes that are stored');
    const isComplete = uploadComplete(request);
    if (isComplete === undefined) throw invalidArgument('Upload-Complete', '?1 or ?0');
    this.limits.countStream(caller, response);
    const length = lengthOf(request, offset, isComplete);
    const more = wholeNumberIn(request, 'Content-Length');
    const upload = await this.#telling(response, () => this.files.continue(whose, id, { offset, length, more }));
    response.location(this.#urlOf(request, id));
    return this.#receive(whose, upload, { isComplete, isContinuable: true, request, response });
  }

  /** In somebody else's session an upload may be given up, and no file deleted. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerWith('write') caller: Caller, @Param('id') id: string, @Query() query: unknown): Promise<void> {
    const whose = await this.access.toFile(caller, query, id, 'write');
    await (whose === caller ? this.files.remove(caller, id) : this.files.giveUp(whose, id));
  }

  /** Undefined for a client that has gone. */
  async #receive(
    whose: Caller,
    upload: Upload,
    { isComplete, isContinuable, isRepeatable = false, request, response }: Received,
  ): Promise<FileInfo | undefined> {
    if (request.readableEnded && Number(request.get('content-length') ?? 0) > 0) {
      throw invalidArgument('body', 'content that nothing else in this server has read before (a body parser)');
    }
    const body = bodyChunks(request, this.config.requestTimeoutMs);
    const how = { complete: isComplete, continuable: isContinuable || isRepeatable };
    try {
      const content = isRepeatable ? notStored(body, upload.file) : body;
      const isDone = isRepeatable && upload.file.complete;
      const file = isDone
        ? await drained(body, upload.file, isComplete)
        : await this.#telling(response, () => this.files.add(whose, upload, content, how));
      tellProgress(response, file, this.#limit(file));
      response.status(request.method === 'POST' || file.complete ? 201 : 200);
      return this.#told(request, file);
    } catch (error) {
      if (!isContinuable) response.removeHeader('location');
      if (!(error instanceof BodyBrokenOff)) throw error;
      response.destroy();
      return undefined;
    }
  }

  /** A refusal tells where the upload is to go on. */
  async #telling<Result>(response: Response, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UploadMismatch) tellProgress(response, { ...error.file, length: undefined }, this.#limit());
      throw error;
    }
  }

  /** The caller, or who shares the session. */
  #toSession(caller: Caller, query: unknown, contextId: string | undefined, needed: 'read' | 'write'): Promise<Caller> {
    return this.access.toSession(caller, query, contextId ?? '', needed);
  }

  /** As `Upload-Limit` has it. */
  #limit(file?: StoredFile): string {
    const { fileBytes, uploadTimeoutMs } = this.config;
    const age = file?.complete === true ? '' : `, max-age=${Math.floor(uploadTimeoutMs / 1000)}`;
    return `max-size=${fileBytes}${age}`;
  }

  #urlOf(request: Request, id: string): string {
    return fileUrl(this.config.publicUrl ?? addressOf(request), id);
  }

  #told(request: Request, file: StoredFile): FileInfo {
    const { id, name, mediaType, bytes, sha256 = null, complete, createdAt, touchedAt } = file;
    const url = this.#urlOf(request, id);
    const known = { id, url, name, mediaType, bytes, sha256, sessionId: file.sessionId, complete, createdAt };
    if (complete) return known;
    return { ...known, expiresAt: new Date(touchedAt.getTime() + this.config.uploadTimeoutMs).toISOString() };
  }
}

interface Received {
  readonly isComplete: boolean;
  /** The client knows how to continue an upload. */
  readonly isContinuable: boolean;
  /** It may be a repetition, which brings from its beginning what is stored in part or as a whole. Default: false. */
  readonly isRepeatable?: boolean;
  readonly request: Request;
  readonly response: Response;
}
