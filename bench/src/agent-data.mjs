/** What the two servers' agents and the client agree on: the text of a streamed chunk. */

/**
 * @param {number} index of the chunk, from 0
 * @returns {string} 20 characters, different for every chunk, so that a lost, repeated or swapped one is seen
 */
export function chunkText(index) {
  return `chunk number ${String(index).padStart(6, '0')} `;
}

/** @param {number} chunks */
export function streamText(chunks) {
  return Array.from({ length: chunks }, (_, index) => chunkText(index)).join('');
}
