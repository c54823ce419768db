/** Cuts texts that are too long to be kept, between characters, and shows that they go on. */

/** The text itself, or as much of its beginning as fits into `mostBytes` of UTF-8 together with an ellipsis. */
export function cutText(text: string, mostBytes: number): string {
  // No character of UTF-16 takes more than three bytes.
  if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) return text;
  let bytes = Buffer.byteLength(ELLIPSIS);
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    end += character.length;
  }
  return `${text.slice(0, end)}${ELLIPSIS}`;
}

const ELLIPSIS = '…';
