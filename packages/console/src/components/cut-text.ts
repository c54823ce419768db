/** Text is cut here and nowhere else in the console: at characters, never inside one. */

/** What people take for one character may be many code points: a flag, a family, a letter with its accents. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** A "character" of more units than these is no writing. */
const LONGEST_CHARACTER = 64;

/** As much of the beginning of `text` as has at most `most` units of UTF-16, and ends with a whole character. */
export function startOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const from = wholeBefore(text, Math.max(0, most - LONGEST_CHARACTER));
  let end = from;
  for (const { segment, index } of characters.segment(text.slice(from, most + LONGEST_CHARACTER))) {
    if (from + index + segment.length > most) break;
    end = from + index + segment.length;
  }
  return text.slice(0, end > from ? end : wholeBefore(text, most));
}

/** The same, with `…` for its last character where something is left out. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${startOf(text, most - 1)}…`;
}

/** `at`, or the place before it when it is inside a surrogate pair. */
function wholeBefore(text: string, at: number): number {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}
