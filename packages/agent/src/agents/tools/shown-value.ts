/** What a tool gave back, as JSON that a model can be shown: nothing in it makes the call fail. */
import { types } from 'node:util';
import { messageOf } from '../../platform/errors.js';
import { storable } from '../../platform/storable.js';

/** Deeper inside, and behind so many values, nothing more is shown. */
const MOST_LEVELS = 60;
const MOST_VALUES = 100_000;
const MORE = '[…]';

/**
 * JSON has no NaN, no big integers, no bytes and no cycles; models are shown words in their place, and bytes that are UTF-8
 * as text. Throws what a `toJSON` or a getter of the value throws.
 */
export function shownValue(value: unknown): unknown {
  return storable(new Shown().of(value, []));
}

class Shown {
  #values = 0;

  of(value: unknown, above: readonly object[]): unknown {
    this.#values += 1;
    if (typeof value === 'object' && value !== null) return this.#object(value, above);
    if (value === undefined) return null;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'bigint') return value.toString();
    return typeof value === 'function' || typeof value === 'symbol' ? `[${typeof value}]` : value;
  }

  #object(value: object, above: readonly object[]): unknown {
    if (above.includes(value)) return '[contains itself]';
    if (above.length >= MOST_LEVELS) return MORE;
    const bytes = bytesOf(value);
    if (bytes !== undefined) return bytesInWords(bytes);
    if (types.isDate(value) && Number.isNaN(value.getTime())) return 'Invalid Date';
    const inside = [...above, value];
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.of(value.toJSON(), inside);
    if (types.isNativeError(value)) return messageOf(value);
    if (types.isRegExp(value)) return String(value);
    if (types.isBoxedPrimitive(value)) return this.of(value.valueOf(), inside);
    if (Array.isArray(value) || types.isSet(value)) return this.#list(value, inside);
    return this.#record(types.isMap(value) ? value : Object.entries(value), inside);
  }

  #list(items: Iterable<unknown>, above: readonly object[]): readonly unknown[] {
    const shown: unknown[] = [];
    for (const item of items) {
      if (this.#values >= MOST_VALUES) return [...shown, MORE];
      shown.push(this.of(item, above));
    }
    return shown;
  }

  #record(entries: Iterable<readonly [unknown, unknown]>, above: readonly object[]): unknown {
    const shown = new Map<string, unknown>();
    for (const [key, inner] of entries) {
      if (this.#values >= MOST_VALUES) {
        shown.set(MORE, MORE);
        break;
      }
      // As in JSON: methods are no part of what is shown.
      if (inner === undefined || typeof inner === 'function') continue;
      shown.set(keyInWords(key), this.of(inner, above));
    }
    return Object.fromEntries(shown);
  }
}

/** Maps may have any keys. */
function keyInWords(key: unknown): string {
  return typeof key === 'object' && key !== null ? JSON.stringify(shownValue(key)) : String(key);
}

function bytesOf(value: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return types.isAnyArrayBuffer(value) ? new Uint8Array(value) : undefined;
}

function bytesInWords(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // No UTF-8.
  }
  return `[${bytes.byteLength} bytes that are no text]`;
}
