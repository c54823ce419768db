/** Makes what agents say storable: what PostgreSQL's JSON can't hold is replaced, or refused when it can't be. */
import { TerminalError } from './errors.js';

/** U+0000, and half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;
const REPLACEMENT = '\uFFFD';
/** PostgreSQL's parser has a stack, too. */
export const MOST_LEVELS = 200;

/** The same value, U+FFFD in place of characters that can't be stored. Throws TerminalError for what isn't JSON. */
export function storable<Value>(value: Value): Value {
  return clean(value, 0) as Value;
}

export function isStorableText(text: string): boolean {
  return text.search(UNSTORABLE) < 0;
}

function clean(value: unknown, level: number): unknown {
  if (typeof value === 'string') return isStorableText(value) ? value : value.replaceAll(UNSTORABLE, REPLACEMENT);
  if (typeof value === 'bigint') throw new TerminalError('The agent said a bigint, which JSON does not know.');
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MOST_LEVELS) {
    throw new TerminalError(`The agent said something with more than ${MOST_LEVELS} levels, or that contains itself.`);
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, level + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return clean(value.toJSON(), level + 1);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key, level + 1), clean(inner, level + 1)]),
  );
}
