/** The content of an artifact as a file: read out of the log piece by piece, from any byte on. */
import { goesOn, type FoldedPart } from '@continuo/agent/internal/tasks/fold.js';
import type { StoredObject } from '@continuo/agent/internal/tasks/page-object.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { readSlices } from '../platform/read-slices.js';
import type { ObjectStorage } from './content-object.js';
import { firstChunk } from './present-content.js';
import { fitting } from './event-page.js';

/** Which content: of all parts, one after the other, or of one of them, counted from 0 as answers show them. */
export interface ContentQuery {
  readonly taskId: string;
  readonly artifactId: string;
  readonly part: number | undefined;
}

export interface ArtifactContent {
  /** The file's name, the artifact's, or its id. */
  readonly name: string;
  /** Undefined when its parts differ in it. */
  readonly mediaType: string | undefined;
  readonly bytes: number;
  /** The same for the same content, another for any other. */
  readonly version: string;
  /** The bytes from `first` to `last`, both included. */
  read(first: number, last: number): AsyncGenerator<Buffer, void>;
}

interface Piece {
  readonly seq: number;
  /** Where its page ends. */
  readonly page: number;
  /** Place in its event, from 0. */
  readonly ord: number;
  readonly kind: 'text' | 'raw' | 'url' | 'data';
  readonly bytes: number;
  readonly media_type: string | null;
  readonly filename: string | null;
  readonly plain: boolean;
  /** Null for a large one. */
  readonly body: string | null;
  /** Where its content lies beside the log, and begins there. */
  readonly object: StoredObject | null;
  readonly first: number | null;
}

const PAGES_AT_ONCE = 100;
const EVENTS_AT_ONCE = 1_000;
/** Bytes of pages whose parts are measured in one statement. */
const MEASURED_AT_ONCE = 16 * 1024 ** 2;

const kinds = `CASE WHEN x.part->'text' IS NOT NULL THEN 'text' WHEN x.part->'raw' IS NOT NULL THEN 'raw'
  WHEN x.part->'url' IS NOT NULL THEN 'url' ELSE 'data' END`;

/** Base64 has four characters for three bytes. */
const bytesOf = `CASE WHEN y.kind = 'raw'
  THEN octet_length(y.body) / 4 * 3 - (length(right(y.body, 2)) - length(rtrim(right(y.body, 2), '=')))
  ELSE octet_length(y.body) END`;

/** Parts of the events of `source`, in order. */
function pieces(source: string, body: string): string {
  return `
SELECT e.seq, e.page, x.ord - 1 AS ord, y.kind, coalesce(o.bytes, ${bytesOf}) AS bytes, x.part->>'mediaType' AS media_type,
  x.part->>'filename' AS filename, x.part->'metadata' IS NULL AS plain, ${body} AS body,
  CASE WHEN o.bytes IS NOT NULL THEN e.object END AS object, o.first
FROM ${source} e
CROSS JOIN LATERAL json_array_elements(e.payload->'artifact'->'parts') WITH ORDINALITY AS x(part, ord)
CROSS JOIN LATERAL (
  SELECT (p.place->>0)::bigint AS first, (p.place->>1)::bigint AS bytes
  FROM (SELECT e.object->'parts'->(x.ord::int - 1) AS place) p) o
CROSS JOIN LATERAL (
  SELECT k.kind, CASE WHEN k.kind = 'data' THEN (x.part->'data')::text ELSE x.part->>k.kind END AS body
  FROM (SELECT ${kinds} AS kind) k OFFSET 0) y
ORDER BY e.seq, x.ord`;
}

/** Its pages that end behind $3. */
const nextPages = `(
  SELECT task_id, first_seq, last_seq, bytes AS size FROM task_pages
  WHERE task_id = $1 AND $2 = ANY (artifacts) AND last_seq >= $3 ORDER BY last_seq LIMIT ${PAGES_AT_ONCE})`;

/** Its events in as many of them as fit. */
const chunks = (bytes: string): string => `(
  SELECT e.seq, e.bytes, e.payload, e.page, e.object FROM ${fitting(nextPages, 'e.last_seq', bytes, EVENTS_AT_ONCE)} p
  JOIN task_events e ON e.task_id = p.task_id AND e.page = p.last_seq AND e.artifact_id = $2 AND e.seq BETWEEN $3 AND $4)`;

const sizesSql = pieces(chunks(String(MEASURED_AT_ONCE)), 'NULL::text');

const contentSql = pieces(
  chunks('$5::int'),
  'CASE WHEN o.bytes IS NULL AND (e.bytes <= $5::int OR e.object IS NOT NULL) THEN y.body END',
);

/** Undefined for an artifact or a part that isn't there. The caller's right to the task was checked before. */
export async function artifactContent(
  database: Database,
  storage: ObjectStorage,
  query: ContentQuery,
): Promise<ArtifactContent | undefined> {
  const { taskId, artifactId, part } = query;
  const [range] = await orUnavailable(() =>
    database.patient.query<{ first_seq: number; last_seq: number; name: string | null }>(
      `SELECT a.first_seq, l.last_seq, e.about->>'name' AS name
       FROM artifacts a CROSS JOIN LATERAL (${firstChunk('a')}) e CROSS JOIN LATERAL (
         SELECT max(p.last_seq) AS last_seq FROM task_pages p
         WHERE p.task_id = a.task_id AND p.last_seq >= a.first_seq AND a.artifact_id = ANY (p.artifacts)) l
       WHERE a.task_id = $1 AND a.artifact_id = $2`,
      [taskId, artifactId],
    ),
  );
  if (range === undefined) return undefined;
  const { first_seq: firstSeq, last_seq: lastSeq } = range;
  const parts = new PartCounter();
  const types = new Set<string>();
  let bytes = 0;
  let filename: string | undefined;
  for await (const piece of allSizes(database, query, firstSeq, lastSeq)) {
    const known = parts.found;
    const number = parts.count(piece);
    if (part !== undefined && number !== part) continue;
    bytes += piece.bytes;
    // What goes on in a part says nothing of its kind: the empty text that ends a stream of data is no text.
    if (parts.found === known) continue;
    filename ??= piece.filename ?? undefined;
    types.add(piece.media_type ?? defaultTypes[piece.kind]);
  }
  const { found } = parts;
  if (part !== undefined && part >= found) return undefined;
  const own = part !== undefined || found === 1 ? filename : undefined;
  const [mediaType] = types;
  return {
    name: own ?? range.name ?? artifactId,
    mediaType: types.size === 1 ? mediaType : undefined,
    bytes,
    version: `${firstSeq}-${lastSeq}${part === undefined ? '' : `-${part}`}`,
    read: (first, last) => readBytes(database, storage, query, { firstSeq, lastSeq, first, last }),
  };
}

const defaultTypes = {
  text: 'text/plain',
  data: 'application/json',
  raw: 'application/octet-stream',
  url: 'text/uri-list',
};

async function* allSizes(
  database: Database,
  { taskId, artifactId }: ContentQuery,
  firstSeq: number,
  lastSeq: number,
): AsyncGenerator<Piece, void> {
  for (let from = firstSeq; from <= lastSeq;) {
    const values = [taskId, artifactId, from, lastSeq];
    const rows = await orUnavailable(() => database.patient.query<Piece & Record<string, unknown>>(sizesSql, values));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    from = last.page + 1;
  }
}

interface ByteRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly first: number;
  readonly last: number;
}

async function* readBytes(
  database: Database,
  storage: ObjectStorage,
  query: ContentQuery,
  { firstSeq, lastSeq, first, last }: ByteRange,
): AsyncGenerator<Buffer, void> {
  const { taskId, artifactId, part } = query;
  const leave = database.shares.enter();
  const parts = new PartCounter();
  let offset = 0;
  try {
    for (let from = firstSeq; from <= lastSeq && offset <= last;) {
      const values = [taskId, artifactId, from, lastSeq, database.shares.bytes];
      const rows = await orUnavailable(() =>
        database.patient.query<Piece & Record<string, unknown>>(contentSql, values),
      );
      for (const piece of rows) {
        const wanted = part === undefined || parts.count(piece) === part;
        if (!wanted) continue;
        const [begin, end] = [Math.max(0, first - offset), Math.min(piece.bytes, last + 1 - offset)];
        offset += piece.bytes;
        if (begin >= end) continue;
        if (piece.object === null) yield* bytesOfPiece(database, taskId, piece, begin, end);
        else yield* storage.read(piece.object, (piece.first ?? 0) + begin, (piece.first ?? 0) + end - 1);
      }
      const lastRow = rows.at(-1);
      if (lastRow === undefined) return;
      from = lastRow.page + 1;
    }
  } finally {
    leave();
  }
}

/** The bytes of one piece from `begin` up to `end`, which is not included. */
async function* bytesOfPiece(
  database: Database,
  taskId: string,
  piece: Piece,
  begin: number,
  end: number,
): AsyncGenerator<Buffer, void> {
  const { kind, body, seq, ord } = piece;
  if (body !== null) {
    yield Buffer.from(body, kind === 'raw' ? 'base64' : 'utf8').subarray(begin, end);
    return;
  }
  const text = {
    text: `(payload #>> ARRAY['artifact', 'parts', $5::text, '${kind}'])`,
    // A large event has a page to itself.
    from: 'task_pages WHERE task_id = $3 AND last_seq = $4',
    values: [taskId, seq, String(ord)],
  };
  let offset = 0;
  let left = '';
  for await (const slice of readSlices(database, text)) {
    // Base64 is read in groups of four characters.
    const ready = left + slice;
    const whole = kind === 'raw' ? ready.length - (ready.length % 4) : ready.length;
    left = ready.slice(whole);
    const bytes = Buffer.from(ready.slice(0, whole), kind === 'raw' ? 'base64' : 'utf8');
    const [from, to] = [Math.max(0, begin - offset), Math.min(bytes.length, end - offset)];
    offset += bytes.length;
    if (from < to) yield bytes.subarray(from, to);
    if (offset >= end) return;
  }
}

/** Numbers parts as `foldArtifacts` puts them together. */
class PartCounter {
  found = 0;
  #last: FoldedPart | undefined;

  /** The number of the part, from 0, that this piece belongs to. */
  count(piece: Piece): number {
    const part = shapeOf(piece);
    if (!goesOn(this.#last, part)) {
      this.found += 1;
      this.#last = part;
    }
    return this.found - 1;
  }
}

/** The part as the fold looks at it: of its text only whether there is any. */
function shapeOf({ kind, bytes, media_type: mediaType, filename, plain }: Piece): FoldedPart {
  return {
    ...(kind === 'text' ? { text: bytes === 0 ? '' : '…' } : {}),
    mediaType: mediaType ?? undefined,
    filename: filename ?? undefined,
    ...(plain ? {} : { metadata: {} }),
  };
}

/** The beginning of what an artifact holds as text, at most so many bytes; empty for none and for other content. */
export async function artifactText(
  database: Database,
  storage: ObjectStorage,
  query: ContentQuery,
  mostBytes: number,
): Promise<string> {
  const content = await artifactContent(database, storage, query);
  if (content?.mediaType?.startsWith('text/') !== true) return '';
  const bytes: Buffer[] = [];
  for await (const piece of content.read(0, mostBytes - 1)) bytes.push(piece);
  return Buffer.concat(bytes).toString('utf8');
}
