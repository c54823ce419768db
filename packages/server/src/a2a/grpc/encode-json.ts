/** Writes A2A's JSON, as the server keeps tasks and events, as the Protocol Buffers of gRPC: in one go, with no object in between. */
import { WireType } from '@bufbuild/protobuf/wire';
import { BackwardWriter } from './backward-writer.js';
import { enums, messages, type Field } from './schema.js';

/** Writes a field backward, its tag last. */
type Write = (writer: BackwardWriter, value: unknown) => void;
/** By the names of JSON. */
type Writers = ReadonlyMap<string, Write>;

const MS = 1_000;
const NANOS_OF_MS = 1_000_000;
/** Its buffer is used again: nothing waits between the last field and the first. */
const shared = new BackwardWriter();
const known = new Map<string, Map<string, Write>>();

/**
 * The message of that `type` as bytes. What it has no field for is left out, as are members that are undefined.
 *
 * @example encodeJson('StreamResponse', { task: { id, contextId, status: { state: 'TASK_STATE_WORKING' } } })
 */
export function encodeJson(type: 'StreamResponse' | 'SendMessageResponse', json: object): Buffer {
  try {
    writeMembers(shared, writersOf(type), json);
    return shared.copy();
  } finally {
    shared.clear();
  }
}

function writeMembers(writer: BackwardWriter, writers: Writers, json: object): void {
  const names = Object.keys(json);
  for (let place = names.length - 1; place >= 0; place -= 1) {
    const name = names[place] as string;
    const value = (json as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) writers.get(name)?.(writer, value);
  }
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
  return (writer, value) => {
    writeEach(writer, one, value);
  };
}

function writeEach(writer: BackwardWriter, one: Write, value: unknown): void {
  const values = value as readonly unknown[];
  for (let place = values.length - 1; place >= 0; place -= 1) one(writer, values[place]);
}

/** What is empty is not written where that says the same: not in lists, nor where there is one of several. */
function valueWriter({ number, type, kind, oneof }: Field): Write {
  const always = kind !== 'single' || oneof !== undefined;
  const [varint, bytes] = [tagOf(number, WireType.Varint), tagOf(number, WireType.LengthDelimited)];
  const whole = (writer: BackwardWriter, value: number): void => {
    writer.integer(value);
    writer.varint(varint);
  };
  if (type === 'string') {
    return (writer, value) => {
      if (!always && value === '') return;
      writer.string(value as string);
      writer.varint(bytes);
    };
  }
  if (type === 'bool') {
    return (writer, value) => {
      if (always || value === true) whole(writer, Number(value));
    };
  }
  if (type === 'bytes') {
    return (writer, value) => {
      writer.binary(Buffer.from(value as string, 'base64'));
      writer.varint(bytes);
    };
  }
  if (type === 'int32') return (writer, value) => whole(writer, value as number);
  if (type === 'TaskState' || type === 'Role') {
    const numbers = new Map(enums[type].map((name, index) => [name, index]));
    return (writer, value) => whole(writer, numbers.get(value as string) ?? 0);
  }
  const content = contentWriter(type);
  return (writer, value) => writeInside(writer, bytes, content, value);
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

function writeStruct(writer: BackwardWriter, value: unknown): void {
  const names = Object.keys(value as object);
  for (let place = names.length - 1; place >= 0; place -= 1) {
    const name = names[place] as string;
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined) continue;
    const before = writer.length;
    writeInside(writer, STRUCT_VALUE, writeValue, member);
    writer.string(name);
    writer.varint(STRUCT_KEY);
    writer.head(STRUCT_FIELD, before);
  }
}

function writeValue(writer: BackwardWriter, value: unknown): void {
  if (typeof value === 'string') {
    writer.string(value);
    writer.varint(VALUE.string);
  } else if (typeof value === 'number') {
    writer.double(value);
    writer.varint(VALUE.number);
  } else if (typeof value === 'boolean') {
    writer.varint(Number(value));
    writer.varint(VALUE.boolean);
  } else if (Array.isArray(value)) writeInside(writer, VALUE.list, writeList, value);
  else if (typeof value === 'object' && value !== null) writeInside(writer, VALUE.struct, writeStruct, value);
  else {
    writer.varint(0);
    writer.varint(VALUE.null);
  }
}

function writeList(writer: BackwardWriter, value: unknown): void {
  writeEach(writer, writeItem, value);
}

function writeItem(writer: BackwardWriter, value: unknown): void {
  writeInside(writer, LIST_VALUE, writeValue, value);
}

/** With its length and its tag in front of it. */
function writeInside(writer: BackwardWriter, tag: number, content: Write, value: unknown): void {
  const before = writer.length;
  content(writer, value);
  writer.head(tag, before);
}

function writeTimestamp(writer: BackwardWriter, value: unknown): void {
  const ms = Date.parse(value as string);
  const seconds = Math.floor(ms / MS);
  const nanos = (ms - seconds * MS) * NANOS_OF_MS;
  if (nanos > 0) {
    writer.varint(nanos);
    writer.varint(tagOf(2, WireType.Varint));
  }
  writer.integer(seconds);
  writer.varint(tagOf(1, WireType.Varint));
}
