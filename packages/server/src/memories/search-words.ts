/** Finds memories by words: any of them, by their beginnings, and those count for most that few memories of the owner have. */
import type { Queryable } from '../platform/database.js';
import { startOf } from '../platform/text.js';
import { ownQuery } from '../sessions/views.js';
import type { MemoryScope } from './memory.js';

/** Words that are looked for: the first of a long text. */
const MOST_WORDS = 48;
const WORD_CHARACTERS = 60;

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
    terms.add(`'${stem(word)}':*`);
  }
  return [...terms];
}

/** Of a word of five letters or more the end is left off, where languages put their forms. */
function stem(word: string): string {
  const letters = Array.from(word).length;
  const kept = letters >= 8 ? letters - 3 : letters >= 6 ? letters - 2 : letters === 5 ? 4 : letters;
  return startOf(Array.from(word).slice(0, kept).join(''), WORD_CHARACTERS);
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

/** The best first. */
export async function searchWords(
  database: Queryable,
  { tenant, owner, agent }: MemoryScope,
  text: string,
  most: number,
): Promise<readonly Found[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  return database.query<{ id: string; score: number }>(sql, [tenant, owner, agent, terms, most]);
}
