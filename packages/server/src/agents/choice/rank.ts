/** Which agents a message suits, by ranked search over what they say about themselves. */
import MiniSearch from 'minisearch';
import type { Candidate } from './decision.js';

/** Words that say nothing about what a message is about. */
const idle = new Set(
  (
    'a an and any are as at be been but by can could did do does for from get give go had has have he hello help her hi ' +
    'his how i if in into is it its just let like make me my need no not now of on one or our out please she should so ' +
    'some tell than thank thanks that the their them then there these they this to up us use very want was we were ' +
    'what when where which who why will with would you your'
  ).split(' '),
);

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

function tokenize(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !idle.has(word));
}
