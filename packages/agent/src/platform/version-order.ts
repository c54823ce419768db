/** The order of versions, as a text: of two versions the newer one has the text that comes later, byte by byte. */

const NUMBERED = /^v?(\d+(?:\.\d+)*)(?:-([^+]+))?(?:\+(.*))?$/i;
/** A number by its length first; more digits than a version has. */
const LENGTH_DIGITS = 6;

/**
 * Semantic Versioning's precedence (semver.org, 11), for what follows it loosely too: a `v` before it is left out, it has
 * any number of numbers, and `1.2` is `1.2.0`. Two builds of one version (`+build`) are in order as well, so that the order
 * is total. What is no version comes before all that are, in the order of its text.
 */
export function versionOrder(version: string): string {
  const [, core, prerelease, build] = NUMBERED.exec(version.trim()) ?? [];
  if (core === undefined) return ` ${version}`;
  const numbers = core
    .replace(/(\.0+)+$/, '')
    .split('.')
    .map(number);
  // A blank comes before "!", and that before all that an identifier is made of: fewer of them come first.
  const before = prerelease === undefined ? '~' : `-${identifiers(prerelease)}`;
  return `${numbers.join('!')} ${before} ${identifiers(build ?? '')}`;
}

/** Numbers come before words. */
function identifiers(text: string): string {
  const shown = (part: string): string => (/^\d+$/.test(part) ? `0${number(part)}` : `1${part}`);
  return text === '' ? '' : text.split('.').map(shown).join('!');
}

function number(digits: string): string {
  const value = digits.replace(/^0+(?=\d)/, '');
  return `${String(value.length).padStart(LENGTH_DIGITS, '0')}${value}`;
}
