/** How long a text is, as the channel that takes it counts. */

/**
 * `characters`: UTF-16 units, which is never less than what a platform counts.
 * `x`: X's weighted length. `wide`: Google Ads', where a full-width character takes two places.
 */
export type Measure = 'characters' | 'x' | 'wide';

export function lengthOf(text: string, measure: Measure): number {
  if (measure === 'x') return weightedLength(text);
  return text.length + (measure === 'wide' ? (text.match(WIDE)?.length ?? 0) : 0);
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60\u3000-\u303F]/gu;

/** What any link costs on X, however long it is. */
const LINK_LENGTH = 23;
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'…]/gu;
/** Without https:// X links it only where it knows the ending; counted as whichever is longer. */
const BARE_LINK = /(?<![@\p{L}\p{N}])(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,63}(?:\/[^\s<>"]*[^\s<>".,;:!?)\]}'…])?/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The rules of X's open `twitter-text`, configuration 3: composed (NFC) characters count 1 in the ranges of Latin and
 * its neighbours and 2 elsewhere, an emoji counts 2 whatever it is joined of, a link counts 23.
 */
function weightedLength(text: string): number {
  let links = 0;
  const rest = text
    .normalize('NFC')
    .replaceAll(LINK, () => {
      links += LINK_LENGTH;
      return '';
    })
    .replaceAll(BARE_LINK, (link) => {
      links += Math.max(LINK_LENGTH, weightOf(link));
      return '';
    });
  return links + weightOf(rest);
}

function weightOf(text: string): number {
  if (/^[\0-\u10FF]*$/.test(text)) return text.length;
  let weight = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (/\p{Extended_Pictographic}\uFE0F|\p{Emoji_Presentation}|\u20E3/u.test(segment)) weight += 2;
    else for (const sign of segment) weight += isLight(sign.codePointAt(0) ?? 0) ? 1 : 2;
  }
  return weight;
}

function isLight(code: number): boolean {
  return (
    code <= 4351 || (code >= 8192 && code <= 8205) || (code >= 8208 && code <= 8223) || (code >= 8242 && code <= 8247)
  );
}
