/** A file that a client names by its address, as a part of a message. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';

const DATA_URL = /^data:([^;,]+)(?:;[^;,]+)*;base64,(.*)$/s;

export interface NamedFile {
  /** Where the address stands in the request. */
  readonly field: string;
  readonly filename?: string | undefined;
  /** Default: what a data URL says. */
  readonly mediaType?: string | undefined;
}

/** `url`: a data URL with Base64, or the address of a file. Throws INVALID_ARGUMENT, naming the field. */
export function fileAt(url: string, { field, filename, mediaType }: NamedFile): Part {
  const [, ownType, raw] = DATA_URL.exec(url) ?? [];
  if (ownType !== undefined && raw !== undefined) {
    if (!z.base64().safeParse(raw).success) throw invalidArgument(field, 'a data URL with Base64');
    return { raw, mediaType: mediaType ?? ownType, filename };
  }
  if (url.startsWith('data:') || !URL.canParse(url)) throw invalidArgument(field, 'a URL, or a data URL with Base64');
  return { url, mediaType, filename };
}
