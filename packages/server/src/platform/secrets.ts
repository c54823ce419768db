/** Takes out of texts what nobody else may see. */
import { wellFormed } from '@continuo/agent/internal/platform/text.js';

export const HIDDEN = '[hidden]';

/** How what holds a secret is called, in whatever spelling: `x-api-key`, `clientSecret`, `DB_PASSWORD`. */
const NAME = String.raw`(?:[\w-]{0,60}?(?:passw(?:or)?d|passphrase|secret|api[-_]?key|authorization|cookie|(?:access|auth|id|refresh)[-_]?token|(?:access|private|secret)[-_]?key)|token)`;
const isName = new RegExp(`^(?:${NAME}|database(?:Read)?Url)$`, 'i');

/** Whether the value of a field of this name is nobody's to see. */
export function namesSecret(field: string): boolean {
  return isName.test(field);
}

/**
 * What looks like a secret wherever it turns up: credentials of a header or a URL, keys and webhook secrets of ours, and what
 * comes behind a name of one, in a query, in JSON, and in JSON within JSON.
 */
const looks: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)(\s+)[\w.~+/=-]{8,}/gi, `$1$2${HIDDEN}`],
  [/(:\/\/[^\s:/@"]*:)[^\s@/"]+@/g, `$1${HIDDEN}@`],
  [/\b(ck_[0-9a-f]{12}_|whsec_)[\w+/=-]{16,}/g, `$1${HIDDEN}`],
  [new RegExp(String.raw`(?<!\\)((\\*)"${NAME}\2"\s*:\s*\2")(?:(?!"|(?<!\\)\2")(?:\\.|[^\\]))+`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(String.raw`(?<![\w-])(${NAME}=)[^&\s"'\\]+`, 'gi'), `$1${HIDDEN}`],
];

/** Without what looks like a secret. */
export function hidingLooks(text: string): string {
  return looks.reduce((shown, [look, instead]) => shown.replace(look, instead), text);
}

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
