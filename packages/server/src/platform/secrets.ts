/** Takes out of texts what nobody else may see. */
import { wellFormed } from '@continuo/agent/internal/platform/text.js';

export const HIDDEN = '[hidden]';

/** Values of headers and the like, and the words in them: what follows a scheme turns up alone as well. */
export function withWords(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [value, ...value.split(/\s+/)]);
}

/**
 * Puts `instead` in place of each of `secrets`, the longest first, as it is and as others write it: in JSON, that may itself have
 * been put into JSON, and in addresses. Those under `shortest` characters are in every text by chance.
 */
export function hiding(
  secrets: readonly string[],
  { shortest = 8, instead = HIDDEN }: { readonly shortest?: number; readonly instead?: string } = {},
): (text: string) => string {
  const known = [...new Set(secrets.flatMap(formsOf))]
    .filter((secret) => secret.length >= shortest)
    .toSorted((a, b) => b.length - a.length)
    .map(inJsonAsWell);
  return (text) => known.reduce<string>((shown, secret) => shown.replaceAll(secret, instead), text);
}

/** Line breaks and the like are written in JSON in ways of their own. */
function formsOf(secret: string): readonly string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed(secret))];
}

function inJsonAsWell(secret: string): string | RegExp {
  if (!/[\\"/]/.test(secret)) return secret;
  const pattern = secret.replaceAll(/[\\"/.*+?^${}()|[\]]/g, (sign) => {
    if (sign === '\\') return String.raw`\\+`;
    return sign === '"' || sign === '/' ? String.raw`\\*${sign}` : `\\${sign}`;
  });
  return new RegExp(pattern, 'g');
}

/** More are not remembered: the oldest are forgotten. */
const MOST_LEARNED = 2_000;
/** Secrets that became known after the start, in the order in which they did. */
let learned: readonly string[] = [];
let hideLearned = hiding(learned);

/** The logs and traces of this process show none of these any more. */
export function hideAsWell(secrets: readonly string[]): void {
  if (secrets.every((secret) => learned.includes(secret))) return;
  learned = [...new Set([...learned, ...secrets])].slice(-MOST_LEARNED);
  hideLearned = hiding(learned);
}

/** Without what `hideAsWell` was told of. */
export function hidingLearned(text: string): string {
  return hideLearned(text);
}
