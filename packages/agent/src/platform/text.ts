/** Text is cut here and nowhere else: at characters, never inside one, so that what is left is well-formed Unicode. */

/** What people take for one character may be many code points: a flag, a family, a letter with its accents. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** A "character" of more units than these is no writing. */
const LONGEST_CHARACTER = 64;

/** As much of the beginning of `text` as has at most `most` units of UTF-16, and ends with a whole character. */
export function startOf(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return '';
  // Ends before a half of a surrogate pair, and before what belongs to the character at the edge.
  const from = Math.max(0, most - LONGEST_CHARACTER);
  const begin = from > 0 && isLowHalf(text, from) ? from - 1 : from;
  let end = begin;
  for (const { segment, index } of characters.segment(text.slice(begin, most + LONGEST_CHARACTER))) {
    if (begin + index + segment.length > most) break;
    end = begin + index + segment.length;
  }
  if (end > begin) return text.slice(0, end);
  return text.slice(0, isLowHalf(text, most) ? most - 1 : most);
}

/** The same, with `…` for its last character where something is left out. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${startOf(text, most - 1)}…`;
}

/** As `cut`, with `most` counted in code points: an emoji takes no more room than a letter. */
export function cutAtPoints(text: string, most: number): string {
  // Twice as many units hold all the code points that there is room for.
  const points = Array.from(text.slice(0, 2 * most + 2));
  if (points.length <= most) return text;
  return `${startOf(text, points.slice(0, most - 1).join('').length)}…`;
}

/** The same in bytes of UTF-8: as much of the beginning as fits into `mostBytes`, the `…` included. */
export function cutToBytes(text: string, mostBytes: number): string {
  // No unit of UTF-16 takes more than three bytes.
  if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) return text;
  const room = mostBytes - Buffer.byteLength('…');
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    end += character.length;
  }
  return `${startOf(text, end)}…`;
}

/** `text` with U+FFFD in place of each half of a surrogate pair that stands alone. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

/** Whether it says nothing: white space and signs that nobody sees, or less. */
export function isNothing(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}

/** What is whole of `text`, and the half of a surrogate pair that it may end with. */
export function splitHalf(text: string): readonly [whole: string, half: string] {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? [text.slice(0, -1), text.slice(-1)] : [text, ''];
}

/** Whether what stands at `at` is the second half of the pair that begins before it. */
function isLowHalf(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
