/** Puts what words and vectors have found into one order. */
import type { Found } from './search-words.js';

/** How much the first places count before those behind them. */
const FLATTENED = 10;

/** The ids, the best first: by their places in both lists, where there are two (reciprocal rank fusion). */
export function inOneOrder(words: readonly Found[], vectors: readonly Found[]): readonly string[] {
  const scores = new Map<string, number>();
  for (const list of [words, vectors]) {
    for (const [place, { id }] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (FLATTENED + place));
  }
  return [...scores].toSorted(([, one], [, other]) => other - one).map(([id]) => id);
}
