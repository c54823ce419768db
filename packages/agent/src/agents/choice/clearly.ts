/** Whether a message asks for an agent so clearly that it goes there without a language model having chosen. */
import type { Candidate } from './decision.js';
import { allWords, isSameWord, tokenize } from './words.js';

/** A message that has nearly all its words from an example of the card is that example in other words. */
const EXAMPLE_SHARE = 0.75;
const EXAMPLE_WORDS = 3;
/** The tag of agents to try the server with: they do nothing that anybody asks for by accident. */
const FOR_TRYING = 'test';

/** "What is a campaign?", "How does marketing work?": whoever says that wants it explained, and not done. */
const WANTS_KNOWLEDGE =
  /^\W*(?:(?:what|who)(?:\s+(?:is|are|was|were)|['’]s|['’]re)\s+(?!the\b|my\b|our\b|your\b|this\b|that\b)|why\s+(?:do|does|did|is|are)\s+(?!i\b|we\b|my\b|our\b|the\b|this\b)|how\s+(?:do|does|did)\s+(?!i\b|we\b|you\b|my\b|our\b)|(?:please\s+)?(?:define|explain)\b)|\b(?:differences?\s+between|meaning\s+of|definition\s+of|history\s+of|stands?\s+for)\b|\bwhat\s+does\s.{0,200}\bmean\b/i;

/** What stands before the name of the agent that somebody wants to have run. */
const BEFORE_A_RUN = new Set(
  (
    'a again an and begin can could do for give go hello hey hi i just launch let lets like me my new now ok okay our ' +
    'please quick run s short show start test that the then to try us use want will would you'
  ).split(' '),
);

/** `fields`: the names of data's fields; agents say in their cards which data they take. */
export function isClear(text: string, fields: readonly string[], { description }: Candidate): boolean {
  const { name, description: said, skills } = description;
  const inDetail = skills.flatMap((skill) => tokenize([skill.description, ...skill.examples].join(' ')));
  if ([...fields, ...identifiersIn(text)].some((field) => inDetail.includes(field.toLowerCase()))) return true;
  const titles = [name, ...skills.map((skill) => skill.name)];
  const tags = skills.flatMap((skill) => skill.tags);
  if (tags.includes(FOR_TRYING)) return titles.some((title) => asksToRun(text, title));
  if (WANTS_KNOWLEDGE.test(text)) return false;
  const words = tokenize(text);
  const isSaid = (word: string): boolean => words.some((one) => isSameWord(one, word));
  if (titles.some((title) => tokenize(title).some(isSaid)) || tags.some((tag) => isPhraseOf(tag, isSaid))) return true;
  // Whoever gave tags has said by which words it is found.
  if (tags.length === 0 && [...tokenize(said), ...inDetail].some(isSaid)) return true;
  return skills.some(({ examples }) => examples.some((example) => isLike(words, tokenize(example))));
}

/** "product launch" is in the message when both words are. */
function isPhraseOf(tag: string, isSaid: (word: string) => boolean): boolean {
  const words = tokenize(tag);
  return words.length > 0 && words.every(isSaid);
}

function isLike(words: readonly string[], example: readonly string[]): boolean {
  const found = words.filter((word) => example.some((one) => isSameWord(one, word)));
  return words.length >= EXAMPLE_WORDS && found.length / words.length >= EXAMPLE_SHARE;
}

/** "Please start a countdown", "echo this"; not "the echo of bells", nor "how do I make a countdown in React". */
function asksToRun(text: string, title: string): boolean {
  const words = allWords(text);
  const wanted = allWords(title);
  const from = words.findIndex((word) => !BEFORE_A_RUN.has(word));
  return from !== -1 && wanted.every((word, index) => isSameWord(words[from + index] ?? '', word));
}

/** `delayMs` and `start_date` are no words of a language. */
function identifiersIn(text: string): readonly string[] {
  return text.match(/\b(?:[a-z]+[A-Z]\w*|[a-z]+_\w+)\b/g) ?? [];
}
