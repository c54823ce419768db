/** Chance that can be repeated: the same seed makes the same choices, in the same order. */

/**
 * @typedef {object} Random
 * @property {() => number} next from 0 to 1, without 1
 * @property {(least: number, most: number) => number} whole a whole number from `least` to `most`
 * @property {(probability: number) => boolean} chance
 * @property {<T>(items: readonly T[]) => T} pick
 * @property {<T>(weights: readonly (readonly [T, number])[]) => T} weighed picks by weight
 * @property {(name: string) => Random} fork chance of its own, which nobody else's choices change
 */

/**
 * Mulberry32.
 *
 * @param {number} seed
 * @returns {Random}
 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)],
    weighed: (weights) => {
      let left = next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of weights) {
        left -= weight;
        if (left < 0) return item;
      }
      return weights[0][0];
    },
    fork: (name) =>
      randomFrom(Array.from(name).reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)),
  };
}
