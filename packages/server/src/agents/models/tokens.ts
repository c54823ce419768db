/** An estimate of how many tokens a message takes, for any model: four characters each. */
import type { Message, Part } from '../../sessions/message.js';
import { isTextual } from './prompt.js';

export const CHARACTERS_PER_TOKEN = 4;
/** Of an image or a document; providers count it by its size in pixels or pages. */
const TOKENS_PER_FILE = 1_000;
const TOKENS_PER_MESSAGE = 4;

export function estimateTokens({ parts }: Pick<Message, 'parts'>): number {
  return parts.reduce((sum, part) => sum + tokensOf(part), TOKENS_PER_MESSAGE);
}

function tokensOf(part: Part): number {
  if (part.raw !== undefined && !isTextual(part)) return TOKENS_PER_FILE;
  // Three bytes are four characters of base64.
  const characters =
    part.raw === undefined
      ? (part.text ?? part.url ?? JSON.stringify(part.data ?? null)).length
      : (part.raw.length * 3) / 4;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
