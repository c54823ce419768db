/** Files as a prompt speaks of them: by name and type, and which of them are text. */
import type { Part } from '../../sessions/message.js';
import { cut } from '../../platform/text.js';

const textual = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|sql)\b|[^;]+\+(json|xml)\b)/i;

/** Characters of a file's name. */
export const MOST_OF_A_NAME = 200;

/** Whether every model can read the file when it is written into the prompt. */
export function isTextual({ mediaType = '' }: Part): boolean {
  return textual.test(mediaType);
}

/** A file by its name, and what there is to say of it. */
export function nameOfFile(file: Pick<Part, 'filename' | 'mediaType'>, remark?: string): string {
  return remark === undefined ? `[${titleOf(file)}]` : `[${titleOf(file)}: ${remark}]`;
}

/** The same without brackets. */
export function titleOf({
  filename = 'without a name',
  mediaType = 'unknown type',
}: Pick<Part, 'filename' | 'mediaType'>): string {
  return `File ${cut(filename, MOST_OF_A_NAME)} (${cut(mediaType, MOST_OF_A_NAME)})`;
}
