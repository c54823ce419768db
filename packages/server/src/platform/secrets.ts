/** Takes out of texts what nobody else may see. */

export const HIDDEN = '[hidden]';

/** Values of headers and the like, and the words in them: what follows a scheme turns up alone as well. */
export function withWords(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [value, ...value.split(/\s+/)]);
}

/** Puts `instead` in place of each of `secrets`, the longest first. Those under `shortest` characters are in every text by chance. */
export function hiding(
  secrets: readonly string[],
  { shortest = 8, instead = HIDDEN }: { readonly shortest?: number; readonly instead?: string } = {},
): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  return (text) => known.reduce((shown, secret) => shown.replaceAll(secret, instead), text);
}

/** More are not remembered: the oldest are forgotten. */
const MOST_LEARNED = 2_000;
/** Secrets that became known after the start, as they are and as they are in JSON, in the order in which they did. */
let learned: readonly string[] = [];
let hideLearned = hiding(learned);

/** The logs and traces of this process show none of these any more. */
export function hideAsWell(secrets: readonly string[]): void {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  if (forms.every((form) => learned.includes(form))) return;
  learned = [...new Set([...learned, ...forms])].slice(-MOST_LEARNED);
  hideLearned = hiding(learned);
}

/** Without what `hideAsWell` was told of. */
export function hidingLearned(text: string): string {
  return hideLearned(text);
}
