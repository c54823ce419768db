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
