/** Makes what agents say storable: what PostgreSQL's JSON can't hold is replaced, or refused when it can't be. */
import { TerminalError } from './errors.js';

const REPLACEMENT = '\uFFFD';
const OWN = { enumerable: true, configurable: true, writable: true };
/** PostgreSQL's parser has a stack, too. */
export const MOST_LEVELS = 200;

/** A copy of the value, U+FFFD in place of characters that can't be stored. Throws TerminalError for what isn't JSON. */
export function storable<Value>(value: Value): Value {
  return clean(value, 0) as Value;
}

/** What a value is of which JSON keeps nothing, in words; undefined for every other. */
export function lostInJson(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return undefined;
  const { toJSON } = value;
  if (typeof toJSON !== 'function') return undefined;
  const given: unknown = Reflect.apply(toJSON, value, ['']);
  return ['undefined', 'function', 'symbol'].includes(typeof given)
    ? 'an object whose toJSON gives nothing'
    : undefined;
}

/** Neither U+0000 nor half of a surrogate pair is in it. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function clean(value: unknown, level: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') throw new TerminalError('The agent said a bigint, which JSON does not know.');
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MOST_LEVELS) {
    throw new TerminalError(`The agent said something with more than ${MOST_LEVELS} levels, or that contains itself.`);
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, level + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return clean(value.toJSON(), level + 1);
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = storableText(key);
    // Else it would be the prototype of the copy.
    if (name === '__proto__') Object.defineProperty(copy, name, { ...OWN, value: clean(inner, level + 1) });
    else copy[name] = clean(inner, level + 1);
  }
  return copy;
}

function storableText(text: string): string {
  return isStorableText(text) ? text : text.toWellFormed().replaceAll('\0', REPLACEMENT);
}
