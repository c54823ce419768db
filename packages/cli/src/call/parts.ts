/** What is said to an agent: words, data and files, as the parts of a message. */
import type { Part } from '@continuo/client';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Server } from '../remote/server.js';
import { CommandFailedError } from '../terminal/failure.js';
import { givenFile } from '../terminal/given-file.js';
import { messageOf } from '../terminal/message-of.js';

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wav: 'audio/wav',
  webp: 'image/webp',
  xml: 'application/xml',
};

/** `data`: JSON, or `@file`. Throws CommandFailedError when it is none. */
export function partsOf(text: string, data: string | undefined): readonly Part[] {
  return [...(text.trim() === '' ? [] : [{ text }]), ...(data === undefined ? [] : [{ data: toData(data) }])];
}

function toData(given: string): unknown {
  try {
    return JSON.parse(given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given) as unknown;
  } catch (error) {
    throw new CommandFailedError(`--data: expected JSON, or @ and a file of JSON (${messageOf(error)}).`);
  }
}

/** Uploads the file; files live with a session, which is begun where none is named. */
export async function filePart(
  server: Server,
  path: string,
  sessionId: string | undefined,
): Promise<{ readonly part: Part; readonly session: string }> {
  const content = await givenFile('--file', path);
  const name = basename(path);
  const mediaType = mediaTypes[extname(path).slice(1).toLowerCase()] ?? 'application/octet-stream';
  const about = { name, mediaType, ...(sessionId === undefined ? {} : { sessionId }) };
  const file = await server.told(server.client.files.upload(content, about));
  return { part: { url: file.url, filename: name, mediaType }, session: file.sessionId };
}
