/** JSON of large answers as bytes, piece by piece: as one text it would be in the heap three times more while it is made. */

/** Characters from which on an answer is large. */
const LARGE = 1024 ** 2;
/** Characters of a text that become JSON at a time, and of what becomes bytes at a time. */
const PIECE = 64 * 1024;

/** `value`, plain JSON data, as `JSON.stringify` has it; undefined for what is no larger than a mebibyte or so. */
export function largeJson(value: unknown): readonly Buffer[] | undefined {
  if (charactersOf(value, LARGE) < LARGE) return undefined;
  const pieces: Buffer[] = [];
  let waiting = '';
  write(value, (text) => {
    waiting += text;
    if (waiting.length < PIECE) return;
    pieces.push(Buffer.from(waiting));
    waiting = '';
  });
  if (waiting !== '') pieces.push(Buffer.from(waiting));
  return pieces;
}

/** Characters in the texts of `value`; it is enough to know of `most`. */
function charactersOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length;
  if (!isData(value)) return 0;
  let characters = 0;
  for (const name in value) {
    characters += charactersOf(value[name], most - characters);
    if (characters >= most) break;
  }
  return characters;
}

/** Arrays and plain objects: whatever else there is, JSON.stringify has to know. */
function isData(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const kind: unknown = Object.getPrototypeOf(value);
  return (kind === Object.prototype || kind === Array.prototype || kind === null) && !('toJSON' in value);
}

function write(value: unknown, add: (text: string) => void): void {
  if (typeof value === 'string' && value.length > PIECE) {
    writeText(value, add);
  } else if (!isData(value)) {
    add(JSON.stringify(value) ?? 'null');
  } else if (Array.isArray(value)) {
    add('[');
    value.forEach((item: unknown, index) => {
      if (index > 0) add(',');
      write(item, add);
    });
    add(']');
  } else {
    let before = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || typeof member === 'function' || typeof member === 'symbol') continue;
      add(`${before}${JSON.stringify(name)}:`);
      write(member, add);
      before = ',';
    }
    add(before === '{' ? '{}' : '}');
  }
}

function writeText(text: string, add: (text: string) => void): void {
  add('"');
  for (let begin = 0; begin < text.length;) {
    // Never between the two halves of a character.
    const end = begin + PIECE + (isHighSurrogate(text.charCodeAt(begin + PIECE - 1)) ? 1 : 0);
    add(JSON.stringify(text.slice(begin, end)).slice(1, -1));
    begin = end;
  }
  add('"');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd8_00 && unit <= 0xdb_ff;
}
