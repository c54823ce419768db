/** Which agents a message suits, by ranked search over what they say about themselves. */
import MiniSearch from 'minisearch';
import type { Candidate } from './decision.js';
import { tokenize } from './words.js';

/** Of the words of a message that say something, this share has to be found in a card. */
const MIN_SHARE = 1 / 3;

export interface Match {
  readonly agent: string;
  readonly score: number;
  /** The words of the message that its card has, or nearly. */
  readonly words: readonly string[];
}

/** Those that match well enough, the best first. */
export function rank(query: string, candidates: readonly Candidate[]): readonly Match[] {
  const terms = new Set(tokenize(query));
  if (terms.size === 0) return [];
  return indexOf(candidates)
    .search([...terms].join(' '))
    .filter(({ queryTerms }) => queryTerms.length / terms.size >= MIN_SHARE)
    .map(({ id, score, queryTerms }) => ({ agent: String(id), score, words: queryTerms }));
}

function indexOf(candidates: readonly Candidate[]): MiniSearch {
  const index = new MiniSearch({
    idField: 'key',
    fields: ['name', 'skills', 'tags', 'description'],
    tokenize,
    processTerm: (term) => term,
    searchOptions: {
      boost: { name: 3, tags: 2, skills: 1.5 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      // A typing error or a beginning counts less than the word itself.
      weights: { fuzzy: 0.3, prefix: 0.5 },
    },
  });
  index.addAll(candidates.map(toDocument));
  return index;
}

function toDocument({ key, description }: Candidate): Readonly<Record<string, string>> {
  const { skills } = description;
  return {
    key,
    name: `${description.type} ${description.name}`,
    description: description.description,
    skills: skills.map((skill) => [skill.name, skill.description, ...skill.examples].join(' ')).join(' '),
    tags: skills.flatMap((skill) => skill.tags).join(' '),
  };
}
