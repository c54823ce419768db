/** Sends content as a file, an artifact's or one that was uploaded: to be saved, never shown as a page of this server. */
import type { Request, Response } from 'express';
import { startOf, wellFormed } from '@continuo/agent/internal/platform/text.js';
import { byteRange } from './byte-range.js';
import { sendPieces } from './send-pieces.js';

const MOST_NAME_CHARACTERS = 200;
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(; ?charset=[\w-]{1,40})?$/;

export interface Sendable {
  readonly name: string;
  readonly mediaType: string | undefined;
  readonly bytes: number;
  /** The same for the same content, another for any other. */
  readonly version: string;
  /** The bytes from `first` to `last`, both included. */
  read(first: number, last: number): AsyncGenerator<Buffer, void>;
}

/** 200 with all of it, 206 with the Range that is asked for, 304 for who has it, 416 for what lies behind its end. */
export async function sendFile(request: Request, response: Response, content: Sendable): Promise<void> {
  const { bytes, version, name, mediaType = '' } = content;
  const etag = `"${version}"`;
  response.attachment(startOf(wellFormed(name).replaceAll(/[\p{Cc}\\/]/gu, '_'), MOST_NAME_CHARACTERS));
  response.setHeader('Content-Type', MEDIA_TYPE.test(mediaType) ? withCharset(mediaType) : 'application/octet-stream');
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etag,
  });
  const known = request.get('if-none-match');
  if (known?.trim() === '*' || known?.includes(etag) === true) {
    response.removeHeader('Content-Type');
    response.status(304).end();
    return;
  }
  // HEAD knows no ranges (RFC 9110, section 14.2).
  const inPart = request.method === 'GET' && [undefined, etag].includes(request.get('if-range'));
  const range = inPart ? byteRange(request.get('range'), bytes) : undefined;
  if (range === null) {
    response.set('Content-Range', `bytes */${bytes}`).status(416).end();
    return;
  }
  const { first, last } = range ?? { first: 0, last: bytes - 1 };
  const pieces = request.method === 'HEAD' || bytes === 0 ? undefined : content.read(first, last);
  // What is not to be had is refused as such, before anything is sent that looks like a file.
  const begin = await pieces?.next().catch((error: unknown) => {
    for (const header of ['Content-Type', 'Content-Disposition', 'ETag', 'Accept-Ranges'])
      response.removeHeader(header);
    throw error;
  });
  if (range !== undefined) response.status(206).set('Content-Range', `bytes ${first}-${last}/${bytes}`);
  response.set('Content-Length', String(last - first + 1));
  if (pieces === undefined || begin === undefined) {
    response.end();
    return;
  }
  await sendPieces(resumed(begin, pieces), response);
}

async function* resumed(
  begin: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  try {
    if (begin.done !== true) yield begin.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') && !mediaType.includes(';') ? `${mediaType}; charset=utf-8` : mediaType;
}
