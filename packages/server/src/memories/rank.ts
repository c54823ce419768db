/** Puts what words and vectors have found into one order. */
import type { Near } from './search-vectors.js';
import type { Found } from './search-words.js';

/** What a standard deviation above the others counts for, beside all words of the query. Measured: docs/measurements.md. */
const DEVIATION = 0.2;
/** What has less than this share of what the best has is left out. */
const WORTH = 0.5;

/**
 * The ids, the best first. Counted is the share of the query's words, by their weight, and how far nearer in meaning it is
 * than the owner's memories are on the whole: cosines of different models can't be compared, but that can.
 */
export function inOneOrder(words: readonly Found[], vectors: readonly Near[]): readonly string[] {
  const scores = new Map(words.map(({ id, score }) => [id, score]));
  for (const { id, deviations } of vectors) {
    scores.set(id, (scores.get(id) ?? 0) + DEVIATION * Math.max(0, deviations));
  }
  const ordered = [...scores].toSorted(([, one], [, other]) => other - one);
  const best = ordered[0]?.[1] ?? 0;
  return ordered.filter(([, score]) => score >= WORTH * best).map(([id]) => id);
}
