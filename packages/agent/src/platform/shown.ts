/** What is kept of values for people to see in a task's trace: JSON, cut at a character, without secrets. */
import { storable } from './storable.js';
import { cutToBytes } from './text.js';

/** Bytes that are kept of what goes into an operation, and of each text in it: a file is not worth its bytes here. */
export const MOST_SHOWN_BYTES = 64 * 1024;

/** Puts a mark in place of each secret. */
export type Hide = (text: string) => string;

/** Undefined for undefined; never throws. What is cut is no JSON any more, and ends with `…`. */
export function shown(value: unknown, hide: Hide = asItIs): string | undefined {
  if (value === undefined) return undefined;
  let text: string | undefined;
  try {
    text = JSON.stringify(value, plainer);
  } catch {
    text = JSON.stringify('(can’t be shown as JSON)');
  }
  return text === undefined ? undefined : cutToBytes(hide(text), MOST_SHOWN_BYTES);
}

/** The value, or of one with more bytes as JSON the beginning of that, as text. Undefined for undefined. */
export function boundedJson(value: unknown, mostBytes: number, hide: Hide = asItIs): unknown {
  const text = shown(value, hide);
  if (text === undefined) return undefined;
  const cut = cutToBytes(text, mostBytes);
  try {
    return cut === text ? storable(JSON.parse(text) as unknown) : cut;
  } catch {
    return cut;
  }
}

export function asItIs(text: string): string {
  return text;
}

/** `this` holds what a Buffer was before `toJSON` spelled it out. */
function plainer(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const given = this[key];
  if (given instanceof Uint8Array) return `(${given.byteLength} bytes)`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string' ? cutToBytes(value, MOST_SHOWN_BYTES) : value;
}
