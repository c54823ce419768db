/** Cuts a text to a length: behind a sentence, or a word where not even the first sentence fits. */
import { lengthOf, type Measure } from './measure.js';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The sentences of a text, each with the white space behind it: together they are the text. */
export function sentencesOf(text: string): readonly string[] {
  return [...sentences.segment(text)].map(({ segment }) => segment);
}

/** The text itself if it fits; else as many whole sentences as do; else words, or at last characters, and an ellipsis. */
export function cutAtSentence(text: string, max: number, measure: Measure): string {
  if (lengthOf(text, measure) <= max) return text;
  const whole = asManyAsFit(sentencesOf(text), (kept) => kept, max, measure);
  if (whole !== '') return whole;
  const ellipsis = (kept: string): string => `${kept.replace(/(?<![\s,;:–—-])[\s,;:–—-]+$/u, '')}…`;
  const words = asManyAsFit(text.split(/(?<=\s)/u), ellipsis, max, measure);
  if (words !== '') return words;
  return asManyAsFit(
    [...graphemes.segment(text)].map(({ segment }) => segment),
    ellipsis,
    max,
    measure,
  );
}

function asManyAsFit(
  pieces: readonly string[],
  finish: (kept: string) => string,
  max: number,
  measure: Measure,
): string {
  let kept = '';
  let fits = '';
  for (const piece of pieces) {
    kept += piece;
    const finished = finish(kept.trimEnd());
    if (lengthOf(finished, measure) > max) break;
    fits = finished;
  }
  return fits;
}
