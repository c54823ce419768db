/** Counts what is in a message of Protocol Buffers before anybody understands it, as `platform/count-json.ts` does with JSON. */
import { isUtf8 } from 'node:buffer';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { tooMany, type JsonBounds } from '../../platform/count-json.js';
import { messages, type Field } from './schema.js';

/** What a message is in JSON: a value of its own; a member of an object; or one that stands for what is in it. */
interface Shape {
  /** The messages in it, by field. */
  readonly inner: ReadonlyMap<number, Shape>;
  /** The fields that are texts. */
  readonly texts: ReadonlySet<number>;
  /** Fields that are no value of their own beside the message. */
  readonly free: number;
  /** Whether it is one level of JSON more. */
  readonly isLevel: boolean;
  /** Whether its first field is a name. */
  readonly isMember: boolean;
}

const shapes = new Map<string, Shape>();

/** Messages refer to each other, and to themselves: each is made once, and filled in then. */
function shapeOf(type: string, fields: readonly Field[], kind: Partial<Shape> = {}): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const inner = new Map<number, Shape>();
  const texts = new Set(fields.filter(({ type: of }) => of === 'string').map(({ number }) => number));
  const shape: Shape = { inner, texts, free: 0, isLevel: true, isMember: false, ...kind };
  shapes.set(type, shape);
  for (const field of fields) {
    const found = field.kind === 'map' ? entryOf(field.type) : messageOf(field.type);
    if (found !== undefined) inner.set(field.number, found);
  }
  return shape;
}

function entryOf(type: string): Shape {
  const value: Field = { name: 'value', number: 2, type, kind: 'single', oneof: undefined };
  const key: Field = { ...value, name: 'key', number: 1, type: 'string' };
  return shapeOf(`${type}{}`, [key, value], { free: 2, isLevel: false, isMember: true });
}

function messageOf(type: string): Shape | undefined {
  const single = (number: number, name: string): Field => ({
    name: '',
    number,
    type: name,
    kind: 'single',
    oneof: undefined,
  });
  if (type === 'Struct') return shapeOf(type, [{ ...single(1, 'Value'), kind: 'map' }]);
  if (type === 'ListValue') return shapeOf(type, [single(1, 'Value')]);
  if (type === 'Value') {
    return shapeOf(type, [single(3, 'string'), single(5, 'Struct'), single(6, 'ListValue')], {
      free: 1,
      isLevel: false,
    });
  }
  const fields = messages.get(type);
  return fields === undefined ? undefined : shapeOf(type, fields);
}

/**
 * Throws INVALID_ARGUMENT when the message of that `type` is beyond `bounds`, saying which of them, or has a text that is
 * no UTF-8, and RangeError or Error for what is no such message at all.
 */
export function refuseProtoBeyond(message: Uint8Array, type: string, bounds: JsonBounds): void {
  const reader = new BinaryReader(message);
  const root = messageOf(type);
  let values = 1;

  const count = ({ inner, texts, free, isMember }: Shape, end: number, level: number): void => {
    if (level > bounds.levels) throw tooMany(`at most ${bounds.levels} levels of JSON`);
    let left = free;
    while (reader.pos < end) {
      const [number, wireType] = reader.tag();
      if (left > 0) left -= 1;
      else values += 1;
      if (values > bounds.values) throw tooMany(`at most ${bounds.values} values`);
      if (wireType !== WireType.LengthDelimited) {
        reader.skip(wireType, number);
        continue;
      }
      const length = reader.uint32();
      const next = reader.pos + length;
      if (next > end) throw new RangeError('a field is longer than its message');
      const found = inner.get(number);
      if (found !== undefined) count(found, next, level + (found.isLevel ? 1 : 0));
      else if (isMember && number === 1 && length > bounds.nameBytes) {
        throw tooMany(`names of at most ${bounds.nameBytes} bytes`);
      } else if (texts.has(number) && !isUtf8(message.subarray(reader.pos, next))) {
        // The reader would put U+FFFD in its place.
        throw invalidArgument('body', 'texts in UTF-8');
      }
      reader.pos = next;
    }
  };
  if (root !== undefined) count(root, reader.len, 1);
}
