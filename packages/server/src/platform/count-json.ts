/** Counts what is in a JSON text before anybody understands it, so that a body of many small values costs nothing. */
import { invalidArgument, type ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** What a JSON text may have at the most. */
export interface JsonBounds {
  /** Objects, arrays, texts, numbers, `true`, `false` and `null`, one inside the other or side by side. */
  readonly values: number;
  /** Objects and arrays inside each other. */
  readonly levels: number;
  /** Bytes in the name of a member. */
  readonly nameBytes: number;
}

const OTHER = 0;
const QUOTE = 1;
const OPEN = 2;
const CLOSE = 3;
const COLON = 4;
const WORD = 5;

const BACKSLASH = 0x5c;
const QUOTATION_MARK = 0x22;

/** What each byte may begin outside of texts; white space and commas begin nothing. */
const kinds = new Uint8Array(256).fill(WORD);
for (const space of ' \t\r\n,') kinds[space.charCodeAt(0)] = OTHER;
kinds[QUOTATION_MARK] = QUOTE;
for (const open of '{[') kinds[open.charCodeAt(0)] = OPEN;
for (const close of '}]') kinds[close.charCodeAt(0)] = CLOSE;
kinds[':'.charCodeAt(0)] = COLON;

/**
 * Counts the values in `json`, UTF-8, on top of those in the lines `before` it, where it is one line of a text. Throws
 * INVALID_ARGUMENT when it is beyond `bounds`, saying which of them. It needs a few milliseconds for a megabyte and no
 * memory; whether the text is JSON at all, JSON.parse has to say.
 */
export function refuseBeyond(json: Uint8Array, bounds: JsonBounds, before = 0): number {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  let values = before;
  let level = 0;
  let lastText = 0;
  for (let at = 0; at < text.length;) {
    const kind = kinds[text[at] ?? 0];
    if (kind === QUOTE) {
      const end = endOfText(text, at);
      lastText = end - at - 1;
      values += 1;
      at = end + 1;
    } else if (kind === WORD) {
      values += 1;
      do at += 1;
      while (at < text.length && kinds[text[at] ?? 0] === WORD);
    } else {
      if (kind === OPEN) {
        values += 1;
        level += 1;
        if (level > bounds.levels) throw tooMany(`at most ${bounds.levels} levels of JSON`);
      } else if (kind === CLOSE) {
        level -= 1;
      } else if (kind === COLON) {
        // The text before it was a name.
        values -= 1;
        if (lastText > bounds.nameBytes) throw tooMany(`names of at most ${bounds.nameBytes} bytes`);
      }
      at += 1;
    }
    if (values > bounds.values + 1) throw tooMany(`at most ${bounds.values} values`);
  }
  if (values > bounds.values) throw tooMany(`at most ${bounds.values} values`);
  // What is no JSON may have more colons than names.
  return Math.max(before, values);
}

/** The place of the quotation mark that ends the text which begins at `from`; the end of all where there is none. */
function endOfText(text: Buffer, from: number): number {
  for (let end = text.indexOf(QUOTATION_MARK, from + 1); end >= 0; end = text.indexOf(QUOTATION_MARK, end + 1)) {
    let before = end - 1;
    while (text[before] === BACKSLASH) before -= 1;
    if ((end - 1 - before) % 2 === 0) return end;
  }
  return text.length;
}

/** The same of what somebody else has parsed already. */
export function refuseParsedBeyond(value: unknown, bounds: JsonBounds): void {
  let values = 0;
  const count = (inner: unknown, level: number): void => {
    values += 1;
    if (values > bounds.values) throw tooMany(`at most ${bounds.values} values`);
    if (typeof inner !== 'object' || inner === null) return;
    if (level >= bounds.levels) throw tooMany(`at most ${bounds.levels} levels of JSON`);
    if (Array.isArray(inner)) {
      for (const item of inner as readonly unknown[]) count(item, level + 1);
      return;
    }
    for (const name in inner) {
      if (name.length > bounds.nameBytes) throw tooMany(`names of at most ${bounds.nameBytes} bytes`);
      count((inner as Readonly<Record<string, unknown>>)[name], level + 1);
    }
  };
  count(value, 0);
}

/** What is said of a body that is beyond its bounds. */
export function tooMany(expected: string): ContinuoError {
  return invalidArgument('body', expected);
}
