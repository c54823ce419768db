/** Whether texts stand somewhere in another one, in time that grows with their length alone, whatever they say. */

/** Characters of the text that is looked through. */
const MOST_CHARACTERS = 1_000_000;
/** How often it is looked through from its beginning again, for texts that stand in another order. */
const MOST_AGAIN = 3;

/** False as well where `text` is too long to look through, or too many of `all` stand before others that they follow. */
export function standIn(text: string, all: readonly string[]): boolean {
  if (text.length > MOST_CHARACTERS) return false;
  let from = 0;
  let again = 0;
  for (const one of all) {
    let at = find(text, one, from);
    if (at === -1 && from > 0 && again < MOST_AGAIN) {
      again += 1;
      at = find(text, one, 0);
    }
    if (at === -1) return false;
    from = at + one.length;
  }
  return true;
}

/** As `text.indexOf(words, from)`, which may compare each place with all of `words` (Knuth, Morris and Pratt's way doesn't). */
function find(text: string, words: string, from: number): number {
  if (words === '') return from;
  if (words.length > text.length - from) return -1;
  const back = new Int32Array(words.length);
  for (let at = 1, same = 0; at < words.length; at += 1) {
    while (same > 0 && words[at] !== words[same]) same = back[same - 1] ?? 0;
    if (words[at] === words[same]) same += 1;
    back[at] = same;
  }
  for (let at = from, same = 0; at < text.length; at += 1) {
    while (same > 0 && text[at] !== words[same]) same = back[same - 1] ?? 0;
    if (text[at] === words[same]) same += 1;
    if (same === words.length) return at - same + 1;
  }
  return -1;
}
