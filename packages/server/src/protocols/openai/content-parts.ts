/** What OpenAI's messages hold, as parts of A2A's: text, images, sound and files. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { fileAt } from '../file-at.js';
import { longListOf } from '../long-list.js';

const imageSchema = z.object({ url: z.string().min(1) });
const soundSchema = z.object({ data: z.base64(), format: z.string().min(1).max(32) });
const fileSchema = z.object({
  file_data: z.string().optional(),
  file_id: z.string().max(256).optional(),
  filename: z.string().max(1_024).optional(),
});

const pieceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal(['text', 'input_text', 'output_text']), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: imageSchema }),
  z.object({ type: z.literal('input_image'), image_url: z.string().min(1) }),
  z.object({ type: z.literal('input_audio'), input_audio: soundSchema }),
  z.object({ type: z.literal('file'), file: fileSchema }),
  fileSchema.extend({ type: z.literal('input_file'), file_url: z.string().optional() }),
]);

export const contentSchema = z.union([z.string(), longListOf(pieceSchema)], {
  error: 'expected text, or an array of pieces of text, images, sound and files',
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
      case 'refusal':
        return { text: piece.refusal };
      case 'image_url':
        return fileAt(piece.image_url.url, { field: `${at}.image_url.url` });
      case 'input_audio':
        return { raw: piece.input_audio.data, mediaType: `audio/${piece.input_audio.format}` };
      case 'input_image':
        return fileAt(piece.image_url, { field: `${at}.image_url` });
      case 'file':
        return fileOf(piece.file, `${at}.file`);
      case 'input_file':
        return fileOf(piece, at);
      default:
        return { text: piece.text };
    }
  });
}

interface FilePiece extends z.output<typeof fileSchema> {
  readonly file_url?: string | undefined;
}

/** One that was uploaded here is named by its id. */
function fileOf({ file_data: data, file_url: url, file_id: id, filename }: FilePiece, field: string): Part {
  if (data !== undefined) return fileAt(data, { field: `${field}.file_data`, filename });
  if (url !== undefined) return fileAt(url, { field: `${field}.file_url`, filename });
  if (id !== undefined) return { url: `/files/${encodeURIComponent(id)}`, filename };
  throw invalidArgument(field, 'a file by file_data or file_id');
}
