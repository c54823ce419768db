/** Events on their way into the log, in pages: what one append says lies together, in one row, up to some size. */
import type { PageObject } from '@continuo/agent/internal/tasks/page-object.js';
import type { EventRow } from '@continuo/agent/internal/tasks/task-event.js';
import { withoutContent } from './content-object.js';

/** Bytes of a page of several events; an event that is larger has a page to itself. */
const PAGE_BYTES = 64 * 1024;
/** Bytes of what a large event says beside its content; more of it is content, too. */
const MOST_ABOUT_BYTES = 16 * 1024;
/** Characters of an artifact's name in such a page. */
const MOST_NAME = 1_000;

/**
 * What stands between the parts of `pagesText`, between the pages of one part, and between the keys of one page: ASCII has
 * these for it, and JSON writes no control character as it is.
 */
const [PART, PAGE, KEY] = ['\x1d', '\x1e', '\x1f'];
/** An SQL expression: the pieces of `text`, another one. */
const split = (text: string, separator: string): string => `string_to_array(${text}, chr(${separator.charCodeAt(0)}))`;
/** Of most keys. Ids of messages are part of others, and may be anything: JSON says those. */
const PLAIN = /^[ -\ud7ff\ue000-\uffff]+$/;

/**
 * The rows `p` of an SQL statement's FROM: the pages of `parameter`, as `pagesText` writes them; places of events count
 * within the append, from 1. What is long is JSON by itself: within other JSON PostgreSQL would parse it four times.
 */
export const pagesOf = (parameter: string): string => `(
    SELECT r.task_id, r.first_ord, r.last_ord, r.at, coalesce(r.keys, ${split('r.joined_keys', KEY)}) AS keys,
      r.events::json AS events, nullif(r.payload, '')::json AS payload, r.message_ord, nullif(r.message, '')::json AS message,
      r.artifacts, r.artifact_bytes, r.object
    FROM (SELECT ${split(parameter, PART)} AS parts OFFSET 0) given,
      ROWS FROM (
        json_to_recordset(given.parts[1]::json) AS (task_id uuid, first_ord int, last_ord int, at timestamptz, keys text[],
          message_ord int, artifacts text[], artifact_bytes int[], object json),
        ${[2, 3, 4, 5].map((part) => `unnest(${split(`given.parts[${part}]`, PAGE)})`).join(', ')}
      ) AS r(task_id, first_ord, last_ord, at, keys, message_ord, artifacts, artifact_bytes, object,
             joined_keys, events, payload, message)
  ) p`;

/** The epoch in which commits are counted now. */
export const EPOCH = '(SELECT max(epoch) FROM commit_epochs)';

/** What an UPDATE of task `t` sets that appends to its log: in whatever order transactions got their ids, the log keeps its own. */
export const logPlace = (t: string): string => `
    log_epoch = ${EPOCH},
    log_xid = CASE WHEN ${t}.log_epoch = ${EPOCH} THEN greatest(${t}.log_xid, pg_current_xact_id())
                   ELSE pg_current_xact_id() END`;

/** What an INSERT into task_pages writes; `pageValues` is the same of a page `p` of task `t`, whose log had `base` events. */
export const pageTargets = `task_id, first_seq, last_seq, xid, tenant, owner, session_id, created_at, keys, events, payload, message_seq,
  message, artifacts, artifact_bytes, object, inbox_number, inbox_id`;
export const pageValues = (t: string, base: string): string =>
  `${t}.id, ${base} + p.first_ord, ${base} + p.last_ord, ${t}.log_xid, ${t}.tenant, ${t}.owner, ${t}.session_id, p.at, p.keys, p.events,
   p.payload, ${base} + p.message_ord, p.message, p.artifacts, p.artifact_bytes, p.object, ${t}.inbox_number,
   CASE WHEN ${t}.inbox_number IS NOT NULL THEN p.message->>'messageId' END`;

interface Page {
  readonly first: EventRow;
  last: EventRow;
  bytes: number;
  readonly keys: string[];
  /** Texts of JSON. */
  readonly events: string[];
  payload: string | undefined;
  message: { readonly ord: number; readonly text: string } | undefined;
  /** Bytes of the present content of each artifact. */
  readonly artifacts: Map<string, number>;
  object: PageObject | undefined;
}

/** The pages of `rows` as `pagesOf` reads them; those of a task lie side by side, in order. */
export function pagesText(rows: readonly EventRow[]): string {
  const pages: Page[] = [];
  for (const row of rows) {
    const payload = JSON.stringify(row.object === undefined ? row.payload : withoutContent(row.payload, row.object));
    const message = row.message === null ? undefined : { ord: row.ord, text: JSON.stringify(row.message) };
    const said = row.object?.bytes ?? Buffer.byteLength(payload);
    const bytes = said + (message === undefined ? 0 : Buffer.byteLength(message.text));
    const page = pageFor(row, bytes, pages);
    const isApart = bytes > PAGE_BYTES;
    page.last = row;
    page.bytes += bytes;
    page.keys.push(row.key);
    page.events.push(isApart ? JSON.stringify(outlineOf(row)) : payload);
    page.payload = isApart ? payload : undefined;
    page.object = row.object;
    page.message ??= message;
    if (row.artifact_id === null) continue;
    const before = 'append' in row.payload && row.payload.append ? (page.artifacts.get(row.artifact_id) ?? 0) : 0;
    page.artifacts.set(row.artifact_id, before + bytes);
  }
  // Empty where the keys are said with what else there is to say of the page.
  const joinedKeys = pages.map(({ keys }) => (keys.every((key) => PLAIN.test(key)) ? keys.join(KEY) : ''));
  return [
    JSON.stringify(pages.map((page, index) => aboutPage(page, joinedKeys[index] === ''))),
    joinedKeys.join(PAGE),
    pages.map(({ events }) => `[${events.join(',')}]`).join(PAGE),
    pages.map(({ payload = '' }) => payload).join(PAGE),
    pages.map(({ message }) => message?.text ?? '').join(PAGE),
  ].join(PART);
}

/** The last of `pages` where there is room in it, or a new one. */
function pageFor(row: EventRow, bytes: number, pages: Page[]): Page {
  const last = pages.at(-1);
  const hasRoom =
    last !== undefined &&
    last.first.task_id === row.task_id &&
    last.bytes + bytes <= PAGE_BYTES &&
    (last.message === undefined || row.message === null);
  if (hasRoom) return last;
  const nothing = { payload: undefined, message: undefined, object: undefined };
  const page = { first: row, last: row, bytes: 0, keys: [], events: [], artifacts: new Map(), ...nothing };
  pages.push(page);
  return page;
}

function aboutPage(
  { first, last, keys, message, artifacts, object }: Page,
  withKeys: boolean,
): Readonly<Record<string, unknown>> {
  return {
    task_id: first.task_id,
    first_ord: first.ord,
    last_ord: last.ord,
    at: first.created_at,
    ...(withKeys ? { keys } : {}),
    ...(artifacts.size === 0 ? {} : { artifacts: [...artifacts.keys()], artifact_bytes: [...artifacts.values()] }),
    ...(message === undefined ? {} : { message_ord: message.ord }),
    ...(object === undefined ? {} : { object }),
  };
}

/** The payload of a large event without its content: what it says of itself is there as far as that is short. */
function outlineOf({ payload }: EventRow): unknown {
  if ('artifact' in payload) {
    const { artifactId, name, ...about } = payload.artifact;
    const short = { artifactId, ...(name !== undefined && name.length <= MOST_NAME ? { name } : {}), parts: [] };
    return shorter({ ...payload, artifact: { ...about, ...short } }, { ...payload, artifact: short });
  }
  const { metadata: _metadata, ...about } = payload;
  const { message: _message, ...status } = payload.status;
  return shorter({ ...payload, status }, { ...about, status });
}

function shorter(outline: unknown, short: unknown): unknown {
  return Buffer.byteLength(JSON.stringify(outline)) <= MOST_ABOUT_BYTES ? outline : short;
}
