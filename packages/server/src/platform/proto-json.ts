/** Requests as ProtoJSON allows them to be written, brought into the one spelling in which they are checked and read. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';

/** Of a field: nothing to do, a number that may come as text, bytes, the numbers of an enum, a message, or a list of them. */
type Field = 'as it is' | 'boolean' | 'number' | 'bytes' | Readonly<Record<number, string>> | Shape | readonly [Shape];

export class Shape {
  readonly fields: ReadonlyMap<string, Field>;

  constructor(fields: Readonly<Record<string, Field>>) {
    this.fields = new Map(Object.entries(fields));
  }
}

/** Fields to which nothing is to be done. */
export const plain = (...names: readonly string[]): Readonly<Record<string, 'as it is'>> =>
  Object.fromEntries(names.map((name) => [name, 'as it is' as const]));

const part = new Shape({ ...plain('text', 'url', 'data', 'metadata', 'filename', 'mediaType'), raw: 'bytes' });
/** A2A's Message. */
export const messageShape = new Shape({
  ...plain('messageId', 'contextId', 'taskId', 'metadata', 'extensions', 'referenceTaskIds'),
  role: { 0: 'ROLE_UNSPECIFIED', 1: 'ROLE_USER', 2: 'ROLE_AGENT' },
  parts: [part],
});

/**
 * `value` with its fields in camelCase, enums by name, numbers as numbers, and bytes in Base64 as RFC 4648 has it first; the
 * same object where it is so already. What is no such message is left to whoever checks it. Throws INVALID_ARGUMENT for a
 * field that comes in both spellings.
 */
export function fromProtoJson(shape: Shape, value: unknown, path = ''): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  let changed: Record<string, unknown> | undefined;
  const entries = Object.entries(value);
  for (const [key, given] of entries) {
    const name = shape.fields.has(key) ? key : camelCase(key);
    const field = shape.fields.get(name);
    if (field === undefined) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (name !== key && name in value) throw invalidArgument(at, `${name} or ${key}, not both`);
    const read = readField(field, given, at);
    if (read === given && name === key) continue;
    changed ??= { ...value };
    if (name !== key) delete changed[key];
    changed[name] = read;
  }
  return changed ?? value;
}

/** What a query says of a message, as JSON; what it says of anything else is left out. Throws INVALID_ARGUMENT. */
export function fromQuery(shape: Shape, query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = Object.entries(query).flatMap(([key, given]): [string, unknown][] => {
    const name = shape.fields.has(key) ? key : camelCase(key);
    const field = shape.fields.get(name);
    if (field === undefined) return [];
    if (typeof given !== 'string') throw invalidArgument(name, 'one value');
    return [[key, inQuery(field, given)]];
  });
  return fromProtoJson(shape, Object.fromEntries(known)) as Readonly<Record<string, unknown>>;
}

function inQuery(field: Field, given: string): unknown {
  if (field === 'boolean') return given === 'true' || (given === 'false' ? false : given);
  const isNumber = typeof field === 'object' && /^\d{1,9}$/.test(given);
  return isNumber ? Number(given) : given;
}

/** A whole number, also as `1.0` or `1e0`. */
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?$/;

function readField(field: Field, given: unknown, path: string): unknown {
  if (field === 'as it is' || field === 'boolean') return given;
  if (field === 'number') return typeof given === 'string' && NUMBER.test(given) ? Number(given) : given;
  if (field === 'bytes') return typeof given === 'string' ? base64(given) : given;
  if (field instanceof Shape) return fromProtoJson(field, given, path);
  if (isList(field)) return readList(field[0], given, path);
  return typeof given === 'number' ? (field[given] ?? given) : given;
}

function readList(shape: Shape, given: unknown, path: string): unknown {
  if (!Array.isArray(given)) return given;
  const members: readonly unknown[] = given;
  const read = members.map((member, index) => fromProtoJson(shape, member, `${path}[${index}]`));
  return read.every((member, index) => member === members[index]) ? given : read;
}

function isList(field: Field): field is readonly [Shape] {
  return Array.isArray(field);
}

/** Of a field's name in Protocol Buffers. A run of dashes is looked at from its first one only: there may be millions. */
export function camelCase(key: string): string {
  return key.includes('_') ? key.replaceAll(/(?<!_)_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key;
}

/** Readers of ProtoJSON take the alphabet of URLs as well, and do without padding. */
function base64(text: string): string {
  if (text.length % 4 === 0 && !/[-_]/.test(text)) return text;
  const bare = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/(?<!=)=+$/, '');
  return bare.length % 4 === 1 ? text : bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
}
