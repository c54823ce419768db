/** Content of an event that lies in an object beside the log: what of an event does, and the event put together again. */
import { StringDecoder } from 'node:string_decoder';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { PageObject, StoredObject } from '@continuo/agent/internal/tasks/page-object.js';
import type { Artifact, TaskArtifactUpdate } from '@continuo/agent/internal/tasks/task.js';

/** Bytes of parts that go into an object, together at the least: less is no more trouble in PostgreSQL. */
const LEAST_OBJECT_BYTES = 1024 ** 2;
/** Of one part; smaller ones stay in the log. */
const LEAST_PART_BYTES = 64 * 1024;
/** Of what stays, at the most: else all of the event does. */
const MOST_LEFT_BYTES = 64 * 1024;
/** Characters of a part that are looked at in one go; base64 is read in groups of four. */
const SLICE = 256 * 1024;

/** A storage beside the database. */
export interface ObjectStorage {
  /** Whether it takes new objects. */
  readonly isOpen: boolean;
  /** Stores an object, which an append has to name within the hour. Throws UNAVAILABLE. */
  put(bytes: number, content: Iterable<Buffer>): Promise<StoredObject>;
  /** The bytes from `first` to `last`, both included. Throws UNAVAILABLE and ARTIFACT_NOT_FOUND. */
  read(object: StoredObject, first: number, last: number): AsyncGenerator<Buffer, void>;
}

/** Content that may be stored as an object. */
export interface LargeContent {
  readonly bytes: number;
  readonly pieces: () => Iterable<Buffer>;
  /** What the log says of it where it is stored. */
  named(stored: StoredObject): PageObject;
}

/** The large parts of what is to be said, as they are stored apart; undefined when they aren't. */
export function largeContent(payload: TaskArtifactUpdate): LargeContent | undefined {
  const { parts } = payload.artifact;
  const contents = parts.map(contentOf);
  let [bytes, asJson] = [0, 0];
  const places = contents.map((content) => {
    if (content === undefined) return null;
    bytes += content.bytes;
    asJson += content.asJson;
    return [bytes - content.bytes, content.bytes] as const;
  });
  if (bytes < LEAST_OBJECT_BYTES) return undefined;
  const blank = JSON.stringify({ ...payload, artifact: withMarks(payload.artifact, places, '') });
  const left = Buffer.byteLength(blank);
  if (left > MOST_LEFT_BYTES) return undefined;
  // Where there is a content, there is no empty text.
  const whole = left + asJson - 2 * places.filter((place) => place !== null).length;
  return {
    bytes,
    pieces: function* () {
      for (const content of contents) if (content !== undefined) yield* content.pieces();
    },
    named: (stored) => ({ ...stored, bytes: whole, parts: places }),
  };
}

/** What the log has of such an event: the object's id is where its content was. */
export function withoutContent(payload: unknown, { id, parts }: PageObject): unknown {
  const event = payload as TaskArtifactUpdate;
  return { ...event, artifact: withMarks(event.artifact, parts, id) };
}

function withMarks(artifact: Artifact, places: readonly unknown[], mark: string): Artifact {
  const marked = (part: Part, index: number): Part => {
    const kind = kindOf(part);
    return places[index] === null || kind === undefined ? part : { ...part, [kind]: mark };
  };
  return { ...artifact, parts: artifact.parts.map(marked) };
}

/** The JSON of the event of which the log has `text`, piece by piece. */
export async function* wholeText(
  storage: ObjectStorage,
  text: string,
  object: PageObject,
): AsyncGenerator<string, void> {
  const { artifact } = JSON.parse(text) as TaskArtifactUpdate;
  const kinds = artifact.parts.map(kindOf);
  const [begin = '', ...rest] = text.split(`"${object.id}"`);
  yield begin;
  for (const [index, place] of object.parts.entries()) {
    if (place === null) continue;
    const [first, bytes] = place;
    const content = decoded(storage.read(object, first, first + bytes - 1), encodingOf(kinds[index]));
    yield* kinds[index] === 'data' ? content : quoted(content);
    yield rest.shift() ?? '';
  }
}

type Kind = 'text' | 'raw' | 'data';

function kindOf({ text, raw, data }: Part): Kind | undefined {
  if (text !== undefined) return 'text';
  if (raw !== undefined) return 'raw';
  return data === undefined ? undefined : 'data';
}

/** Of its text in the object. */
function encodingOf(kind: Kind | undefined): 'base64' | 'utf8' {
  return kind === 'raw' ? 'base64' : 'utf8';
}

interface Content {
  readonly bytes: number;
  /** Bytes that it has in JSON. */
  readonly asJson: number;
  readonly pieces: () => Iterable<Buffer>;
}

/** Undefined for what stays in the log: small parts, addresses, and base64 that is written in another way than ours. */
function contentOf(part: Part): Content | undefined {
  const kind = kindOf(part);
  if (kind === undefined) return undefined;
  const text = kind === 'data' ? JSON.stringify(part.data) : (part[kind] ?? '');
  if (text.length < LEAST_PART_BYTES) return undefined;
  const encoding = encodingOf(kind);
  let [bytes, asJson] = [0, kind === 'data' ? 0 : 2];
  for (const slice of slices(text)) {
    const piece = Buffer.from(slice, encoding);
    if (kind === 'raw' && piece.toString('base64') !== slice) return undefined;
    bytes += piece.length;
    asJson += kind === 'text' ? Buffer.byteLength(JSON.stringify(slice)) - 2 : Buffer.byteLength(slice);
  }
  const pieces = function* (): Generator<Buffer, void> {
    for (const slice of slices(text)) yield Buffer.from(slice, encoding);
  };
  return { bytes, asJson, pieces };
}

/** No character is cut in two. */
function* slices(text: string): Generator<string, void> {
  for (let begin = 0; begin < text.length;) {
    const code = text.charCodeAt(begin + SLICE - 1);
    const end = begin + SLICE - (code >= 0xd800 && code < 0xdc00 ? 1 : 0);
    yield text.slice(begin, end);
    begin = end;
  }
}

async function* decoded(content: AsyncIterable<Buffer>, encoding: 'base64' | 'utf8'): AsyncGenerator<string, void> {
  const decoder = new StringDecoder(encoding);
  for await (const piece of content) yield decoder.write(piece);
  yield decoder.end();
}

async function* quoted(text: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield '"';
  for await (const piece of text) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}
