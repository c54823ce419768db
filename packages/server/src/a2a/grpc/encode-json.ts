/** Writes A2A's JSON, as the server keeps tasks and events, as the Protocol Buffers of gRPC: in one go, with no object in between. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { enums, messages, type Field } from './schema.js';

/** Writes a field, its tag included. */
type Write = (writer: BinaryWriter, value: unknown) => void;
/** By the names of JSON. */
type Writers = ReadonlyMap<string, Write>;

const MS = 1_000;
const NANOS_OF_MS = 1_000_000;
/** Its buffer is used again: nothing waits between the first field and the last. */
const shared = new BinaryWriter();
const known = new Map<string, Map<string, Write>>();

/**
 * The message of that `type` as bytes. What it has no field for is left out, as are members that are undefined.
 *
 * @example encodeJson('StreamResponse', { task: { id, contextId, status: { state: 'TASK_STATE_WORKING' } } })
 */
export function encodeJson(type: 'StreamResponse' | 'SendMessageResponse', json: object): Buffer {
  let bytes = new Uint8Array();
  try {
    writeMembers(shared, writersOf(type), json);
  } finally {
    bytes = shared.finish();
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeMembers(writer: BinaryWriter, writers: Writers, json: object): void {
  for (const [name, value] of Object.entries(json)) if (value !== undefined) writers.get(name)?.(writer, value);
}

/** Messages contain each other: the map of each is there before it is filled. */
function writersOf(type: string): Writers {
  const made = known.get(type);
  if (made !== undefined) return made;
  const writers = new Map<string, Write>();
  known.set(type, writers);
  for (const field of messages.get(type) ?? []) writers.set(inJson(field.name), fieldWriter(field));
  return writers;
}

function inJson(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function fieldWriter(field: Field): Write {
  const one = valueWriter(field);
  if (field.kind !== 'repeated') return one;
  return (writer, values) => {
    for (const value of values as readonly unknown[]) one(writer, value);
  };
}

/** What is empty is not written where that says the same: not in lists, nor where there is one of several. */
function valueWriter({ number, type, kind, oneof }: Field): Write {
  const always = kind !== 'single' || oneof !== undefined;
  const [varint, bytes] = [tagOf(number, WireType.Varint), tagOf(number, WireType.LengthDelimited)];
  if (type === 'string') {
    return (writer, value) => {
      if (always || value !== '') writer.uint32(bytes).string(value as string);
    };
  }
  if (type === 'bool') {
    return (writer, value) => {
      if (always || value === true) writer.uint32(varint).bool(value as boolean);
    };
  }
  if (type === 'bytes') {
    return (writer, value) => writer.uint32(bytes).bytes(Buffer.from(value as string, 'base64'));
  }
  if (type === 'int32') return (writer, value) => writer.uint32(varint).int32(value as number);
  if (type === 'TaskState' || type === 'Role') {
    const numbers = new Map(enums[type].map((name, index) => [name, index]));
    return (writer, value) => writer.uint32(varint).int32(numbers.get(value as string) ?? 0);
  }
  const content = contentWriter(type);
  return (writer, value) => {
    writer.uint32(bytes).fork();
    content(writer, value);
    writer.join();
  };
}

/** What is between the length of a message and its end. */
function contentWriter(type: string): Write {
  if (type === 'Struct') return writeStruct;
  if (type === 'Value') return writeValue;
  if (type === 'Timestamp') return writeTimestamp;
  const writers = writersOf(type);
  return (writer, value) => writeMembers(writer, writers, value as object);
}

function tagOf(number: number, wireType: WireType): number {
  return number * 8 + wireType;
}

const STRUCT_FIELD = tagOf(1, WireType.LengthDelimited);
const STRUCT_KEY = tagOf(1, WireType.LengthDelimited);
const STRUCT_VALUE = tagOf(2, WireType.LengthDelimited);
const LIST_VALUE = tagOf(1, WireType.LengthDelimited);
const VALUE = {
  null: tagOf(1, WireType.Varint),
  number: tagOf(2, WireType.Bit64),
  string: tagOf(3, WireType.LengthDelimited),
  boolean: tagOf(4, WireType.Varint),
  struct: tagOf(5, WireType.LengthDelimited),
  list: tagOf(6, WireType.LengthDelimited),
};

function writeStruct(writer: BinaryWriter, value: unknown): void {
  for (const [key, member] of Object.entries(value as object)) {
    if (member === undefined) continue;
    writer.uint32(STRUCT_FIELD).fork().uint32(STRUCT_KEY).string(key).uint32(STRUCT_VALUE).fork();
    writeValue(writer, member);
    writer.join().join();
  }
}

function writeValue(writer: BinaryWriter, value: unknown): void {
  if (typeof value === 'string') writer.uint32(VALUE.string).string(value);
  else if (typeof value === 'number') writer.uint32(VALUE.number).double(value);
  else if (typeof value === 'boolean') writer.uint32(VALUE.boolean).bool(value);
  else if (Array.isArray(value)) {
    writer.uint32(VALUE.list).fork();
    for (const item of value) {
      writer.uint32(LIST_VALUE).fork();
      writeValue(writer, item);
      writer.join();
    }
    writer.join();
  } else if (typeof value === 'object' && value !== null) {
    writer.uint32(VALUE.struct).fork();
    writeStruct(writer, value);
    writer.join();
  } else writer.uint32(VALUE.null).int32(0);
}

function writeTimestamp(writer: BinaryWriter, value: unknown): void {
  const ms = Date.parse(value as string);
  const seconds = Math.floor(ms / MS);
  writer.uint32(tagOf(1, WireType.Varint)).int64(seconds);
  const nanos = (ms - seconds * MS) * NANOS_OF_MS;
  if (nanos > 0) writer.uint32(tagOf(2, WireType.Varint)).int32(nanos);
}
