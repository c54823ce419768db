/** The headers of an upload: what HTTP has for content, and those of Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload). */
import { parse as parseDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { startOf, wellFormed } from '@continuo/agent/internal/platform/text.js';
import type { StoredFile } from '../files/file.js';

const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}( *;[\x20-\x7e]{1,200})?$/;
const MOST_NAME_CHARACTERS = 200;
/** The media type of what is added to an upload. */
const PARTIAL = 'application/partial-upload';
/** The version of the draft whose interim responses clients look for. */
const INTEROP_VERSION = '8';

/** Of the content: `application/octet-stream` unless the client says otherwise. Throws INVALID_ARGUMENT. */
export function mediaTypeOf(request: Request): string {
  const type = request.get('content-type') ?? 'application/octet-stream';
  if (!MEDIA_TYPE.test(type)) throw invalidArgument('Content-Type', 'a media type, as image/png');
  return type;
}

/** That of the header, else `asked`, else `file`; without a directory. */
export function nameOf(request: Request, asked: string | undefined): string {
  const disposition = request.get('content-disposition');
  const said = disposition === undefined ? undefined : parseDisposition(disposition).parameters['filename'];
  const name = said ?? asked ?? 'file';
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = startOf(
    wellFormed(last)
      .replaceAll(/\p{Cc}/gu, '_')
      .trim(),
    MOST_NAME_CHARACTERS,
  );
  return clean === '' || clean === '.' || clean === '..' ? 'file' : clean;
}

/** Throws CONTENT_TYPE_NOT_SUPPORTED for compressed content, which would be stored as something else than was meant. */
export function refuseEncoded(request: Request): void {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The content must come as it is, without Content-Encoding.', {
    field: 'Content-Encoding',
    expected: 'identity, or none',
  });
}

/** Throws CONTENT_TYPE_NOT_SUPPORTED for what isn't a part of an upload. */
export function refuseUnlessPartial(request: Request): void {
  if (request.is(PARTIAL) !== false) return;
  throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', `What is added to an upload is sent as ${PARTIAL}.`, {
    field: 'Content-Type',
    expected: PARTIAL,
  });
}

/** Whether this request brings the last of the content; undefined where the client doesn't say. */
export function uploadComplete(request: Request): boolean | undefined {
  const value = request.get('upload-complete');
  if (value === undefined) return undefined;
  if (value !== '?1' && value !== '?0') throw invalidArgument('Upload-Complete', '?1 or ?0');
  return value === '?1';
}

/** Undefined where the client doesn't say. */
export function wholeNumberIn(request: Request, header: string): number | undefined {
  const value = request.get(header);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw invalidArgument(header, 'a whole number of bytes');
  return Number(value);
}

/** Bytes of all of the content, `before` of which are stored; undefined where the client doesn't say. */
export function lengthOf(request: Request, before: number, isComplete: boolean): number | undefined {
  const announced = wholeNumberIn(request, 'Upload-Length');
  const sent = wholeNumberIn(request, 'Content-Length');
  if (!isComplete || sent === undefined) return announced;
  if (announced !== undefined && announced !== before + sent) {
    throw invalidArgument('Upload-Length', `${before + sent}, which is what comes with the request`);
  }
  return before + sent;
}

/** How far an upload is, and what else may be sent. */
export function tellProgress(
  response: Response,
  file: Pick<StoredFile, 'bytes' | 'complete' | 'length'>,
  limit: string,
): void {
  response.set({
    'Upload-Offset': String(file.bytes),
    'Upload-Complete': file.complete ? '?1' : '?0',
    'Upload-Limit': limit,
    'Cache-Control': 'no-store',
    ...(file.length === undefined ? {} : { 'Upload-Length': String(file.length) }),
  });
}

/** Tells a client that can continue uploads where to do so, while it still sends (104, Upload Resumption Supported). */
export function tellWhereToResume(request: Request, response: Response, location: string): void {
  if (request.get('upload-complete') === undefined || request.httpVersion !== '1.1') return;
  const lines = [`Location: ${location}`, `Upload-Draft-Interop-Version: ${INTEROP_VERSION}`];
  // Node has a function for some interim responses, and none for this one. Without a socket it isn't this one's turn.
  response.socket?.write(`HTTP/1.1 104 Upload Resumption Supported\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
