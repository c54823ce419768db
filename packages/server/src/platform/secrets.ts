/** Takes out of texts what nobody else may see. */

export const HIDDEN = '[hidden]';
/** Shorter ones are in every text by chance. */
const SHORTEST = 8;

/** Values of headers and the like, and the words in them: what follows a scheme turns up alone as well. */
export function withWords(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [value, ...value.split(/\s+/)]);
}

/** Puts `instead` in place of each of `secrets`, the longest first. Those under `shortest` characters are in every text by chance. */
export function hiding(
  secrets: readonly string[],
  { shortest = SHORTEST, instead = HIDDEN }: { readonly shortest?: number; readonly instead?: string } = {},
): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  return (text) => known.reduce((shown, secret) => shown.replaceAll(secret, instead), text);
}

/** More are not remembered: the oldest are forgotten. */
const MOST_LEARNED = 2_000;
/** Secrets that became known after the start, as they are and as they are in JSON. */
let learned: readonly string[] = [];

/** The logs and traces of this process show none of these any more. */
export function hideAsWell(secrets: readonly string[]): void {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const fresh = forms.filter((form) => form.length >= SHORTEST && !learned.includes(form));
  if (fresh.length === 0) return;
  learned = [...learned, ...new Set(fresh)].slice(-MOST_LEARNED).toSorted((a, b) => b.length - a.length);
}

/** Without what `hideAsWell` was told of. */
export function hidingLearned(text: string): string {
  return learned.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}
