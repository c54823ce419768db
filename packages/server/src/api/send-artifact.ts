/** Sends the content of an artifact as a file: to be saved, never shown as a page of this server. */
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactContent } from '../tasks/artifact-content.js';
import { byteRange } from './byte-range.js';

const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(; ?charset=[\w-]{1,40})?$/;

/** 200 with all of it, 206 with the Range that is asked for, 304 for who has it, 416 for what lies behind its end. */
export async function sendArtifact(request: Request, response: Response, content: ArtifactContent): Promise<void> {
  const { bytes, version, name, mediaType = '' } = content;
  const etag = `"${version}"`;
  response.attachment(name.replaceAll(/[\p{Cc}\\/]/gu, '_').slice(0, 200));
  response.setHeader('Content-Type', MEDIA_TYPE.test(mediaType) ? withCharset(mediaType) : 'application/octet-stream');
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etag,
  });
  if (request.get('if-none-match')?.includes(etag) === true) {
    response.removeHeader('Content-Type');
    response.status(304).end();
    return;
  }
  const unchanged = [undefined, etag].includes(request.get('if-range'));
  const range = unchanged ? byteRange(request.get('range'), bytes) : undefined;
  if (range === null) {
    response.set('Content-Range', `bytes */${bytes}`).status(416).end();
    return;
  }
  const { first, last } = range ?? { first: 0, last: bytes - 1 };
  if (range !== undefined) response.status(206).set('Content-Range', `bytes ${first}-${last}/${bytes}`);
  response.set('Content-Length', String(last - first + 1));
  if (request.method === 'HEAD' || bytes === 0) {
    response.end();
    return;
  }
  await pipeline(Readable.from(content.read(first, last), { highWaterMark: 1 }), response);
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') && !mediaType.includes(';') ? `${mediaType}; charset=utf-8` : mediaType;
}
