/** Where a long message says who is to do it: people write so before or behind what they have pasted. */

/** Characters of the beginning, and of the end, in which names of agents are looked for. */
export const MOST_READ = 16_384;

/** The beginning and the end of `text`, each of at most `most` characters, with a line between them; else all of it. */
export function endsOf(text: string, most = MOST_READ): string {
  return text.length <= 2 * most ? text : `${text.slice(0, most)}\n${text.slice(-most)}`;
}

/** The same for words to search by: of more, hardly a third could be in one card. */
export const MOST_SEARCHED = 2_048;
