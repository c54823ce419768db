/** The agents that a message addresses by name, as in "function/echo: hello", and which part of it is for whom. */
import { endsOf, MOST_READ } from './ends.js';

export interface Addressee {
  /** `type/name`. */
  readonly agent: string;
  /** Its part of a message that addresses several; undefined when all of it is for this one. */
  readonly request?: string | undefined;
}

const SPACE = /\s+/g;
const ENDS_A_SENTENCE: ReadonlySet<string> = new Set('.!?;');
const BEFORE_A_NAME =
  /^[\s\-*•\d.)]*(?:(?:please|first|then|and|also|now|next)[\s,]+)*((?:ask|tell|let|have|use)\s+)?(@)?/i;
const NAME = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*/i;
const BETWEEN_NAMES = /^(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)@?/i;

/**
 * A sentence that begins with the names of agents ("ask …", "@…" or "…:"), and those behind it up to the next such
 * sentence, are for them. What comes before the first is for all. With no sentence like that, a name somewhere in the
 * message is enough. Names are looked for where a long message begins and where it ends; its middle is for whom the text
 * before it is. The work grows with the message, and no faster.
 */
export function addressees(text: string, keys: readonly string[]): readonly Addressee[] {
  const known = new Set(keys);
  const requests = new Map<string, string[]>();
  const before: string[] = [];
  let current: ReadonlySet<string> = new Set();
  for (const sentence of sentencesOf(text)) {
    const named = namesAtTheBeginning(sentence, known);
    if (named.size > 0) current = named;
    for (const key of current) {
      const request = requests.get(key);
      if (request === undefined) requests.set(key, [sentence]);
      else request.push(sentence);
    }
    if (current.size === 0) before.push(sentence);
  }
  if (requests.size > 1) {
    const forAll = before.join('');
    return [...requests].map(([agent, sentences]) => ({ agent, request: (forAll + sentences.join('')).trim() }));
  }
  const words = endsOf(text)
    .toLowerCase()
    .split(/[^a-z0-9/-]+/);
  const agent = [...requests.keys()][0] ?? words.find((word) => known.has(word));
  return agent === undefined ? [] : [{ agent }];
}

/** All of the text: it begins anew behind each line and each sentence, but not in the middle of a long message. */
function* sentencesOf(text: string): Generator<string> {
  let begin = 0;
  for (const place of beginnings(text)) {
    yield text.slice(begin, place);
    begin = place;
  }
  yield text.slice(begin);
}

function* beginnings(text: string): Generator<number> {
  const [head, tail] = [MOST_READ, Math.max(MOST_READ, text.length - MOST_READ)];
  for (const [from, to] of [[0, head] as const, [tail, text.length] as const]) {
    // What is looked through is found run by run: a search that begins anew within a run of spaces takes its square.
    for (const { 0: spaces, index } of text.slice(from, to).matchAll(SPACE)) {
      const place = from + index + spaces.length;
      const isBehind = spaces.endsWith('\n') || ENDS_A_SENTENCE.has(text[from + index - 1] ?? '');
      if (isBehind && place < Math.min(to, text.length)) yield place;
    }
  }
}

function namesAtTheBeginning(sentence: string, known: ReadonlySet<string>): ReadonlySet<string> {
  const named = new Set<string>();
  const begin = sentence.slice(0, MOST_READ);
  const [before = '', verb, at] = BEFORE_A_NAME.exec(begin) ?? [];
  for (let rest = begin.slice(before.length); ;) {
    const key = NAME.exec(rest)?.[0];
    if (key === undefined || !known.has(key.toLowerCase())) break;
    named.add(key.toLowerCase());
    rest = rest.slice(key.length);
    const addressed = verb !== undefined || at !== undefined || rest.startsWith(':');
    const between = BETWEEN_NAMES.exec(rest)?.[0];
    if (between === undefined) return addressed ? named : new Set();
    rest = rest.slice(between.length);
  }
  return verb === undefined && at === undefined ? new Set() : named;
}
