/** An estimate of how many tokens a text takes, for any model: by the scripts that it is written in. */
import type { Message, Part } from '../../sessions/message.js';
import { cut } from '../../platform/text.js';
import { isTextual } from './file-names.js';

/** Of an image or a document; providers count it by its size in pixels or pages. */
export const TOKENS_PER_FILE = 1_000;
const TOKENS_PER_MESSAGE = 4;
/** JSON has more signs in it than prose. */
const JSON_FACTOR = 2;

/**
 * Tokens of one code point, up to each code point: about what the tokenizers of 2023 and later take where they take most,
 * in prose. The first is that of English.
 */
const weights: readonly (readonly [upTo: number, tokens: number])[] = [
  [0x7f, 0.25],
  // Letters with accents.
  [0x24f, 1.25],
  [0x3ff, 1],
  // Cyrillic.
  [0x52f, 0.5],
  // Hebrew, Arabic, the scripts of India and South-East Asia, …
  [0x1dff, 1],
  [0x1eff, 1.25],
  [0x2e7f, 1],
  // Chinese and Japanese.
  [0xabff, 1.25],
  // Korean.
  [0xd7ff, 1],
  [0xffff, 1.25],
  // Emoji, rare characters.
  [0x10ffff, 2.5],
];

function weightOf(codePoint: number): number {
  return weights.find(([upTo]) => codePoint <= upTo)?.[1] ?? 1;
}

/** Of text; a whole number. */
export function tokensIn(text: string): number {
  let tokens = 0;
  for (const character of text) tokens += weightOf(character.codePointAt(0) ?? 0);
  return Math.ceil(tokens);
}

/** Of anything that is JSON. */
export function tokensInJson(value: unknown): number {
  return value === undefined ? 0 : tokensIn(JSON.stringify(value)) * JSON_FACTOR;
}

/** As much of the beginning of `text` as takes so many tokens, with `…` for what is left out. */
export function cutToTokens(text: string, most: number): string {
  let tokens = 0;
  let units = 0;
  for (const character of text) {
    tokens += weightOf(character.codePointAt(0) ?? 0);
    if (tokens > most) return cut(text, units);
    units += character.length;
  }
  return text;
}

/** As much of the beginning of `text` as takes so many tokens, and how many of them are left behind it. */
export function withinTokens(text: string, most: number): { readonly text: string; readonly left: number } {
  if (most === Infinity) return { text, left: most };
  let left = most;
  let units = 0;
  for (const character of text) {
    left -= weightOf(character.codePointAt(0) ?? 0);
    if (left < 0) return { text: text.slice(0, units), left: 0 };
    units += character.length;
  }
  return { text, left };
}

export function estimateTokens({ parts }: Pick<Message, 'parts'>): number {
  return parts.reduce((sum, part) => sum + tokensOf(part), TOKENS_PER_MESSAGE);
}

function tokensOf(part: Part): number {
  if (part.raw !== undefined) {
    return isTextual(part) ? tokensIn(Buffer.from(part.raw, 'base64').toString('utf8')) : TOKENS_PER_FILE;
  }
  return part.data === undefined ? tokensIn(part.text ?? part.url ?? '') : tokensInJson(part.data);
}
