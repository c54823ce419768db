/** The name that an agent of another server may have here. */

/**
 * `text` with lower-case letters, digits and dashes alone, at most 40 characters; empty when it has none of them.
 *
 * @example
 * agentNameFrom('Café Finder'); // 'cafe-finder'
 */
export function agentNameFrom(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
}
