/** Finds memories by words: any of them, by their beginnings, and those count for most that few memories of the owner have. */
import type { MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import type { Queryable } from '../platform/database.js';
import { ownQuery } from '../sessions/views.js';

/** Words that are looked for: the first of a long text. */
const MOST_WORDS = 48;
const WORD_CHARACTERS = 60;
/** Letters. The beginning of a shorter one is that of too many. */
const SHORT_WORD = 3;
/** Writing without spaces: PostgreSQL takes a whole phrase for a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u;
/** What has less of it than this share of what the best has is left out. */
const WORTH = 0.6;

export interface Found {
  readonly id: string;
  /** How much of what was looked for it has, from 0 to 1. */
  readonly score: number;
}

/** The beginnings by which the words of `text` are found also in other forms, in whatever language: each as a tsquery. */
function searchTerms(text: string): readonly string[] {
  const terms = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (terms.size === MOST_WORDS) break;
    terms.add(termOf(word));
  }
  return [...terms];
}

/** A short word as it is, a longer one by its beginning: its end is left off, where languages put their forms. */
function termOf(word: string): string {
  const letters = Array.from(word);
  const { length } = letters;
  if (length <= SHORT_WORD && !UNSPACED.test(word)) return `'${word}'`;
  const kept = length >= 8 ? length - 3 : length >= 6 ? length - 2 : 4;
  return `'${startOf(letters.slice(0, kept).join(''), WORD_CHARACTERS)}':*`;
}

// A word that many memories have tells little; one that none has tells that what was looked for may not be there.
const sql = `
WITH wanted AS (
  SELECT n, ${ownQuery('$1', '$2', 'w.term')} AS query FROM unnest($4::text[]) WITH ORDINALITY AS w(term, n)
),
hit AS MATERIALIZED (
  SELECT w.n, m.id FROM wanted w CROSS JOIN LATERAL (
    SELECT id FROM memories
    WHERE words @@ w.query AND tenant = $1 AND owner = $2 AND agent = $3 OFFSET 0) m
),
known AS (SELECT count(*) AS n FROM memories WHERE tenant = $1 AND owner = $2 AND agent = $3),
weight AS (
  SELECT w.n, ln((k.n + 1) / (count(h.id) + 0.5)) AS weight
  FROM wanted w CROSS JOIN known k LEFT JOIN hit h ON h.n = w.n GROUP BY w.n, k.n
)
SELECT h.id, (sum(w.weight) / greatest((SELECT sum(weight) FROM weight), 0.001))::float8 AS score
FROM hit h JOIN weight w ON w.n = h.n JOIN memories m ON m.id = h.id
GROUP BY h.id, m.updated_at ORDER BY score DESC, m.updated_at DESC LIMIT $5`;

/** The best first; what has much less of it than the best is left out. */
export async function searchWords(
  database: Queryable,
  { tenant, owner, agent }: MemoryScope,
  text: string,
  most: number,
): Promise<readonly Found[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const found = await database.query<{ id: string; score: number }>(sql, [tenant, owner, agent, terms, most]);
  return found.filter(({ score }) => score >= WORTH * (found[0]?.score ?? 0));
}
