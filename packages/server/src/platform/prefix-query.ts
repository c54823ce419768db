/** Turns what somebody types into a search box into a PostgreSQL tsquery. */
import { startOf } from '@continuo/agent/internal/platform/text.js';

/** PostgreSQL refuses words of more than 2046 bytes; these have 1600 at the most. */
const WORD_CHARACTERS = 400;

/**
 * A tsquery for all words of `text`, the last one as a beginning; undefined where nothing was typed. What has no word to
 * look for (`!!!`) is in nothing: its query is empty, which PostgreSQL finds nowhere.
 */
export function prefixQuery(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return '';
  return words.map((word) => `'${startOf(word, WORD_CHARACTERS)}'`).join(' & ') + ':*';
}
