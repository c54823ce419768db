/** Words as they are searched: each behind a mark of its owner, so that a search reads nothing of what others have said. */
import { ownerMark } from './views.js';

/** PostgreSQL refuses longer words than 2046 bytes; the mark is one of them. */
const MOST_BYTES = 2_000;

/** As `continuo_owner_mark` makes it. */
const MARK_LENGTH = 8;

/** An SQL expression: the words of `text`, as `tenant` and `owner` search them; all three are expressions. */
export function ownWords(tenant: string, owner: string, text: string): string {
  return `(
    SELECT coalesce(array_to_tsvector(array_agg(mark || word)), '')
    FROM (SELECT ${ownerMark(tenant, owner)} AS mark OFFSET 0) own,
      unnest(tsvector_to_array(to_tsvector('simple', ${text}))) AS word WHERE octet_length(word) <= ${MOST_BYTES})`;
}

/** The same of a title that somebody gives a session: NULL where there is none. */
export function titleWords(tenant: string, owner: string, title: string): string {
  return `CASE WHEN ${title}::text IS NOT NULL THEN ${ownWords(tenant, owner, `left(${title}::text, 1000)`)} END`;
}

/** Words of another owner, as `tenant` and `owner` search them. */
export function wordsOfAnother(words: string, tenant: string, owner: string): string {
  return `(
    SELECT coalesce(array_to_tsvector(array_agg(${ownerMark(tenant, owner)} || substr(word, ${MARK_LENGTH} + 1))), '')
    FROM unnest(tsvector_to_array(${words})) AS word)`;
}
