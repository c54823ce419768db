/** Finds the agent that a message is for, by ranked search over what the agents say about themselves. */
import MiniSearch from 'minisearch';
import type { AgentDescription } from './a2a-agent.js';

export interface Candidate {
  /** `type/name`. */
  readonly key: string;
  readonly description: AgentDescription;
}

export interface Choice {
  readonly key: string;
  /** Why, in words for people. */
  readonly reason: string;
}

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

/** A candidate whose address the message names, or the best match; undefined when none matches well enough. */
export function chooseAgent(query: string, candidates: readonly Candidate[]): Choice | undefined {
  const lower = query.toLowerCase();
  const named = candidates.find(({ key }) => lower.split(/[^a-z0-9/-]+/).includes(key));
  if (named !== undefined) return { key: named.key, reason: 'the message names it' };

  const terms = new Set(tokenize(query));
  if (terms.size === 0) return undefined;
  const best = indexOf(candidates).search([...terms].join(' '))[0];
  if (best === undefined || best.queryTerms.length / terms.size < MIN_SHARE) return undefined;
  const found = best.queryTerms.map((term) => `"${term}"`).join(', ');
  return { key: String(best.id), reason: `its card matches ${found}` };
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
