/** The agents that a message addresses by name, as in "function/echo: hello", and which part of it is for whom. */

export interface Addressee {
  /** `type/name`. */
  readonly agent: string;
  /** Its part of a message that addresses several; undefined when all of it is for this one. */
  readonly request?: string | undefined;
}

/** Behind each line, and each sentence in it. */
const BETWEEN_SENTENCES = /(?<=\n|[.!?;]\s+)(?=\S)/;
const BEFORE_A_NAME =
  /^[\s\-*•\d.)]*(?:(?:please|first|then|and|also|now|next)[\s,]+)*((?:ask|tell|let|have|use)\s+)?(@)?/i;
const NAME = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*/i;
const BETWEEN_NAMES = /^(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)@?/i;

/**
 * A sentence that begins with the names of agents ("ask …", "@…" or "…:"), and those behind it up to the next such
 * sentence, are for them. What comes before the first is for all. With no sentence like that, a name somewhere in the
 * message is enough.
 */
export function addressees(text: string, keys: readonly string[]): readonly Addressee[] {
  const requests = new Map<string, string[]>();
  const before: string[] = [];
  let current: readonly string[] = [];
  for (const sentence of text.split(BETWEEN_SENTENCES)) {
    const named = namesAtTheBeginning(sentence, keys);
    if (named.length > 0) current = named;
    for (const key of current) requests.set(key, [...(requests.get(key) ?? []), sentence]);
    if (current.length === 0) before.push(sentence);
  }
  if (requests.size > 1) {
    return [...requests].map(([agent, sentences]) => ({ agent, request: [...before, ...sentences].join('').trim() }));
  }
  const words = text.toLowerCase().split(/[^a-z0-9/-]+/);
  const agent = [...requests.keys()][0] ?? words.find((word) => keys.includes(word));
  return agent === undefined ? [] : [{ agent }];
}

function namesAtTheBeginning(sentence: string, keys: readonly string[]): readonly string[] {
  const named: string[] = [];
  const [before = '', verb, at] = BEFORE_A_NAME.exec(sentence) ?? [];
  for (let rest = sentence.slice(before.length); ;) {
    const key = NAME.exec(rest)?.[0];
    if (key === undefined || !keys.includes(key.toLowerCase())) break;
    named.push(key.toLowerCase());
    rest = rest.slice(key.length);
    const addressed = verb !== undefined || at !== undefined || rest.startsWith(':');
    const between = BETWEEN_NAMES.exec(rest)?.[0];
    if (between === undefined) return addressed ? named : [];
    rest = rest.slice(between.length);
  }
  return verb === undefined && at === undefined ? [] : named;
}
