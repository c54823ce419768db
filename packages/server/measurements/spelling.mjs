/** Texts as vectors by their spelling: no language model, knows no meaning, and is the same everywhere. */
const DIMENSIONS = 512;

export const spelling = {
  model: 'continuo/spelling',
  embed: async (texts) => ({ vectors: texts.map(toVector), tokens: undefined }),
};

/** How often each three letters in a row occur, in a number of places that they share. */
function toVector(text) {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    const letters = Array.from(` ${word} `);
    for (let at = 0; at + 3 <= letters.length; at += 1) vector[placeOf(letters.slice(at, at + 3).join(''))] += 1;
  }
  // A vector of nothing has no direction.
  if (vector.every((value) => value === 0)) vector[0] = 1;
  return vector;
}

function placeOf(letters) {
  let hash = 0;
  for (const letter of letters) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % DIMENSIONS;
}
