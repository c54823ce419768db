/** Text that others have written, without what moves the cursor, clears the screen, or renames the window. */
import { stripVTControlCharacters } from 'node:util';
import { PAINT } from './colours.js';

// oxlint-disable-next-line no-control-regex -- they are what is taken out
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** JSON escapes the others itself. */
const CONTROLS_IN_JSON = /[\u007F-\u009F]/g;

/** Line feeds and tabs stay. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(CONTROLS, '');
}

export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

/** What is about to be written: of all control sequences only the colours of ours are left. */
export function screened(text: string): string {
  return text
    .split(PAINT)
    .map((piece, index) => (index % 2 === 1 ? piece : printable(piece)))
    .join('');
}

/** As `screened`, of text that comes in pieces of UTF-8. */
export async function* screenedPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) yield screened(decoder.decode(piece, { stream: true }));
}

/** The same value, without a character that a terminal obeys. `indent`: over several lines, for people. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    CONTROLS_IN_JSON,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
