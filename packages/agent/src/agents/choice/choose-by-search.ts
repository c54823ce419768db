/** Chooses without a language model: by search over the cards, and by asking where that is a toss-up. */
import { isClear } from './clearly.js';
import type { Answered, Candidate, Decision, Delegation } from './decision.js';
import { endsOf, MOST_SEARCHED } from './ends.js';
import { rank, type Match } from './rank.js';

/** A second match this close to the best is as good as it. */
const TIE = 0.9;
/** Of the fields of a message's data, those that are searched by. */
const MOST_FIELDS = 50;
const MOST_OF_A_NAME = 64;
/** Of a list to choose from, people read about as much. */
const MOST_SHOWN = 9;

export interface Search {
  /** What the message says. Of a long one, the words at its beginning and its end count. */
  readonly query: string;
  /** The names of the fields of its data; of many or long ones, some. */
  readonly fields?: readonly string[] | undefined;
  readonly candidates: readonly Candidate[];
  /** Who answers when no card matches: `type/name`. It need not be there. */
  readonly fallback: string;
  readonly answered: readonly Answered[];
}

/** Undefined when nobody is left to ask. What it takes doesn't grow with the message. */
export function chooseBySearch(whole: Search): Decision | undefined {
  const search = bounded(whole);
  const { query, fields = [], candidates, fallback, answered } = search;
  const picked = pick(answered.at(-1), query, candidates);
  if (picked !== undefined) return [picked];
  const hasFallback = candidates.some(({ key }) => key === fallback);
  const ranked = rank([query, ...fields, ...answered.map(({ answer }) => answer)].join(' '), candidates);
  // A word in common is not enough where somebody is there for the rest; people who were asked have said all they can.
  const matches = hasFallback && answered.length === 0 ? ranked.filter((match) => isMeant(match, search)) : ranked;
  const best = matches[0];
  if (best === undefined) {
    if (hasFallback) return [{ agent: fallback, reason: 'no card matches better' }];
    return answered.length > 0 ? undefined : ask("No agent's card matches the message.", candidates);
  }
  // A specialist goes before the one that is there for everything.
  const tied = matches.filter(({ agent, score }) => agent !== fallback && score >= best.score * TIE);
  if (tied.length < 2 || answered.length > 0) return [toDelegation(tied[0] ?? best)];
  const among = tied.map(({ agent }) => agent);
  return ask(
    'Several agents suit the message equally well.',
    candidates.filter(({ key }) => among.includes(key)),
  );
}

function bounded({ query, fields = [], answered, ...rest }: Search): Search {
  return {
    ...rest,
    query: endsOf(query, MOST_SEARCHED),
    fields: fields.slice(0, MOST_FIELDS).filter((name) => name.length <= MOST_OF_A_NAME),
    answered: answered.map((one) => ({ ...one, answer: endsOf(one.answer, MOST_SEARCHED) })),
  };
}

function isMeant({ agent }: Match, { query, fields = [], candidates, fallback }: Search): boolean {
  const candidate = candidates.find(({ key }) => key === agent);
  return agent === fallback || (candidate !== undefined && isClear(query, fields, candidate));
}

function ask(why: string, candidates: readonly Candidate[]): Decision | undefined {
  const shown = candidates.slice(0, MOST_SHOWN);
  if (shown.length === 0) return undefined;
  const list = shown.map(({ key, description }, index) => `${index + 1}. ${key}: ${description.description}`);
  return { question: [`${why} Which one shall do it?`, ...list].join('\n'), among: shown.map(({ key }) => key) };
}

/** By its number in the list, its address or its name; or by what the answer says about it. */
function pick(answered: Answered | undefined, query: string, candidates: readonly Candidate[]): Delegation | undefined {
  if (answered?.among === undefined) return undefined;
  const { among, answer } = answered;
  const words: readonly string[] = answer.toLowerCase().match(/[a-z0-9/-]+/g) ?? [];
  const named = among.filter((key) => words.includes(key) || words.includes(key.slice(key.indexOf('/') + 1)));
  const numbered = /^\D*(\d+)\D*$/.exec(answer)?.[1];
  const agent = named.length === 1 ? named[0] : numbered === undefined ? undefined : among[Number(numbered) - 1];
  if (agent !== undefined) return { agent, reason: 'it was chosen when asked' };
  const listed = candidates.filter(({ key }) => among.includes(key));
  const match = rank(answer, listed)[0] ?? rank(query, listed)[0];
  return match === undefined ? undefined : toDelegation(match);
}

function toDelegation({ agent, words }: Match): Delegation {
  const shown = words.slice(0, MOST_SHOWN).map((word) => `"${word}"`);
  return { agent, reason: `its card matches ${shown.join(', ')}${words.length > shown.length ? ' and more' : ''}` };
}
