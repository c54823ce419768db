/** How results are kept: as JSON, and given back the same in the run that made them and in every later one. */
import { TerminalError } from '../platform/errors.js';

/** Characters of JSON that a step may give back. */
const MOST_CHARACTERS = 16 * 1024 ** 2;

/** Undefined is null here. Throws TerminalError, which begins with `what()` and `verb`, for a value that JSON can't hold or that is too large. */
export function toRecorded(what: () => string, value: unknown, verb = 'gave back'): string | null {
  if (value === undefined) return null;
  const text = toJson(what, value, verb);
  if (text.length > MOST_CHARACTERS) {
    throw new TerminalError(
      `${what()} ${verb} ${text.length} characters of JSON; ${MOST_CHARACTERS} can be kept. Publish it as an artifact, or keep it elsewhere and give back where it is.`,
    );
  }
  return text;
}

export function fromRecorded(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

function toJson(what: () => string, value: unknown, verb: string): string {
  try {
    const text = JSON.stringify(value, (key, inner: unknown) => {
      if (typeof inner === 'function' || typeof inner === 'symbol' || typeof inner === 'bigint') {
        throw new TypeError(`${key === '' ? 'it' : `"${key}"`} is a ${typeof inner}`);
      }
      return inner;
    });
    // What has a toJSON of its own may still be nothing.
    return text ?? 'null';
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it is no JSON';
    throw new TerminalError(`${what()} ${verb} something that can't be kept as JSON: ${reason}.`, { cause: error });
  }
}
