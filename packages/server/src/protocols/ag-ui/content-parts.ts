/** What AG-UI's messages hold, as parts of A2A's: text, pictures, sound, films and documents. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { fileAt } from '../file-at.js';
import { longListOf } from '../long-list.js';

const mediaType = z.string().min(1).max(256);

const sourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('data'), value: z.base64(), mimeType: mediaType }),
  z.object({ type: z.literal('url'), value: z.string().min(1), mimeType: mediaType.optional() }),
  /** One that was uploaded here. */
  z.object({ type: z.literal('file'), value: z.string().min(1).max(256), mimeType: mediaType.optional() }),
]);

const pieceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal(['image', 'audio', 'video', 'document']), source: sourceSchema }),
  /** Of clients before AG-UI 1.0. */
  z.object({
    type: z.literal('binary'),
    mimeType: mediaType,
    data: z.base64().optional(),
    url: z.string().optional(),
    id: z.string().max(256).optional(),
    filename: z.string().max(1_024).optional(),
  }),
]);

export const contentSchema = z.union([z.string(), longListOf(pieceSchema)], {
  error: 'expected text, or an array of pieces of text, pictures, sound, films and documents',
});

/** Throws INVALID_ARGUMENT, naming the piece below `field`. */
export function contentParts(
  content: z.output<typeof contentSchema> | null | undefined,
  field: string,
): readonly Part[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ text: content }];
  return content.map((piece, index) => {
    const at = `${field}[${index}]`;
    switch (piece.type) {
      case 'text':
        return { text: piece.text };
      case 'binary':
        return binaryPart(piece, at);
      default:
        return sourcePart(piece.source, `${at}.source`);
    }
  });
}

function sourcePart({ type, value, mimeType }: z.output<typeof sourceSchema>, field: string): Part {
  if (type === 'data') return { raw: value, mediaType: mimeType };
  if (type === 'url') return fileAt(value, { field: `${field}.value`, mediaType: mimeType });
  return { url: fileAddress(value), mediaType: mimeType };
}

type Binary = Extract<z.output<typeof pieceSchema>, { readonly type: 'binary' }>;

function binaryPart({ mimeType, data, url, id, filename }: Binary, field: string): Part {
  const file = { mediaType: mimeType, filename };
  if (data !== undefined) return { raw: data, ...file };
  if (url !== undefined) return fileAt(url, { field: `${field}.url`, ...file });
  if (id !== undefined) return { url: fileAddress(id), ...file };
  throw invalidArgument(field, 'data, url or id');
}

function fileAddress(id: string): string {
  return `/files/${encodeURIComponent(id)}`;
}
