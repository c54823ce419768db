/** What of a model's notes is kept: what the user said indeed, as a statement, and nothing that is an order or a secret. */
import type { Memory, MemoryKind } from '@continuo/agent/internal/memories/memory.js';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import type { Drawn } from './drawing-prompt.js';

const LONGEST = 300;
const SHORTEST_QUOTE = 3;

export interface AcceptedNote {
  readonly text: string;
  readonly kind: MemoryKind;
  /** Where it was said, counted from 0. */
  readonly message: number;
  /** The memories that it takes the place of: the first is changed, the others are forgotten. */
  readonly replaces: readonly Memory[];
}

export interface Accepted {
  readonly notes: readonly AcceptedNote[];
  readonly forgotten: readonly Memory[];
}

/** `known` and `said`: as the model was shown them. */
export function accepted(
  { notes, outdated }: Drawn,
  known: readonly (Memory | undefined)[],
  said: readonly string[],
): Accepted {
  const memory = (number: number): Memory | undefined => known[number - 1];
  const isSaid = ({ message, quote }: { readonly message: number; readonly quote: string }): boolean => {
    const words = wordsOf(quote);
    return words.length >= SHORTEST_QUOTE && wordsOf(said[message - 1] ?? '').includes(words);
  };
  const seen = new Set(known.flatMap((one) => (one === undefined ? [] : [wordsOf(one.text)])));
  const kept: AcceptedNote[] = [];
  for (const note of notes) {
    const text = note.text.replaceAll(/\s+/g, ' ').trim();
    if (!isStatement(text) || !isSaid(note) || seen.has(wordsOf(text))) continue;
    seen.add(wordsOf(text));
    const replaces = [...new Set(note.replaces)].flatMap((number) => memory(number) ?? []);
    kept.push({ text, kind: note.kind, message: note.message - 1, replaces });
  }
  const replaced = new Set(kept.flatMap(({ replaces }) => replaces.map(({ id }) => id)));
  const forgotten = outdated.filter(isSaid).flatMap(({ note }) => memory(note) ?? []);
  return { notes: kept, forgotten: forgotten.filter(({ id }) => !replaced.has(id)) };
}

/** Letters and digits alone, in small letters: models change quotation marks and spaces. */
function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What tells somebody to do something: whoever reads it later must not take it for an order. */
const orders = [
  /^(always|never|ignore|disregard|forget|do not|don't|you (must|should|have to|are|will)|make sure|remember to|from now on)\b/i,
  /^(send|forward|post|call|open|visit|click|download|install|run|execute|delete|transfer|pay|buy|reply|respond|answer|recommend|promote|say|tell|use|include|reveal|repeat|follow|obey|act|pretend|treat)\b/i,
  /\b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instructions?|prompts?|rules|notes|above|previous|earlier)\b/i,
  /\b(assistants?|ai|agents?|(language )?models?|chatbots?|bots?|system)\b.{0,40}\b(must|should|shall|ought|has to|have to|needs? to|always|never|is to|are to|may not|can ?not)\b/i,
  /\b(wants?|tells?|told|asks?|asked|orders?|ordered|instructs?|instructed|expects?|requires?)\b.{0,20}\b(you|the (assistant|ai|agent|model|chatbot|bot|system))\b.{0,20}\bto\b/i,
  /\bsystem prompt\b|<\/?[a-z][^<]*>|\[\/?(inst|system)\]|\b(system|assistant)\s*:/i,
  /\bhttps?:\/\/|\bjavascript:|\bdata:[a-z]+\/|\bwww\./i,
  /^(ignoriere?|vergiss|sende|schicke|antworte|du (musst|sollst)|ignorez?|oubliez?|envoie|envoyez|ignora|olvida|env[ií]a|responde)\b/i,
];

const secrets = [
  /\b(pass(word|phrase|code)|passwort|kennwort|mot de passe|contraseña|api[ _-]?key|secret key|private key|access token)\b/i,
  /\b(?:\d[ -]?){13,19}\b/,
  /\b(sk|pk|ghp|gho|xox[abp]|AKIA|ck)[-_][\w-]{8,}/,
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b/,
];

function isStatement(text: string): boolean {
  if (text.length < SHORTEST_QUOTE || text.length > LONGEST || !isStorableText(text) || text.endsWith('?'))
    return false;
  return ![...orders, ...secrets].some((pattern) => pattern.test(text));
}
