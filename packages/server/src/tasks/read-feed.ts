/** Reads the events of many tasks in one order that never changes: that of the transactions that wrote them. */
import { z } from 'zod';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { invalidArgument } from '../platform/errors.js';
import { pageOf, toLogEvent, type PageRow } from './event-page.js';
import type { LogEvent } from './task-event.js';

/** Whose events: all of a caller's, or those of one of the caller's sessions. */
export interface FeedScope {
  readonly caller: Caller;
  /** The key of the session. */
  readonly sessionId?: string;
}

/** The last event that a reader has seen. */
export interface FeedPosition {
  readonly xid: string;
  readonly taskId: string;
  readonly seq: number;
}

export interface FeedEvent extends LogEvent {
  readonly position: FeedPosition;
}

const COMMITS = 100;
const EVENTS = 500;
const NO_TASK = '00000000-0000-0000-0000-000000000000';
export const BEGINNING: FeedPosition = { xid: '0', taskId: NO_TASK, seq: 0 };

function sql(scope: string): string {
  const events = `(
  SELECT n.xid, e.* FROM next n JOIN task_events e ON e.task_id = n.task_id AND e.seq BETWEEN n.first_seq AND n.last_seq
  WHERE (n.xid, n.task_id, e.seq) > ($3::xid8, $4::uuid, $5::bigint)
  ORDER BY n.xid, n.task_id, e.seq LIMIT ${EVENTS})`;
  return `
WITH next AS (
  SELECT c.xid, c.task_id, c.first_seq, c.last_seq FROM task_commits c
  WHERE ${scope} AND (c.xid, c.task_id, c.last_seq) > ($3::xid8, $4::uuid, $5::bigint)
    AND c.xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY c.xid, c.task_id, c.last_seq LIMIT ${COMMITS}
)${pageOf(events, 'e.xid, e.task_id, e.seq', '$6::int', 'p.xid::text AS xid, ')}`;
}

const ofCaller = sql('c.tenant = $1 AND c.owner = $2');
const ofSession = sql('c.tenant = $1 AND c.owner = $2 AND c.session_id = $7');

/** The next events behind `after`, at most a page of them. */
export async function readFeed(
  database: Database,
  { caller, sessionId }: FeedScope,
  after: FeedPosition,
): Promise<readonly FeedEvent[]> {
  const values = [caller.tenant, caller.owner, after.xid, after.taskId, after.seq, database.shares.bytes];
  const rows = await database.query<PageRow & { xid: string }>(
    sessionId === undefined ? ofCaller : ofSession,
    sessionId === undefined ? values : [...values, sessionId],
  );
  return rows.map((row) => {
    const { xid, task_id: taskId, seq } = row;
    return { ...toLogEvent(row), position: { xid, taskId, seq } };
  });
}

/** Behind everything that is visible now. */
export async function endOfFeed(database: Database): Promise<FeedPosition> {
  const rows = await database.query<{ xid: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid');
  return { ...BEGINNING, xid: rows[0]?.xid ?? '0' };
}

export function formatPosition({ xid, taskId, seq }: FeedPosition): string {
  return `${xid}.${taskId}.${seq}`;
}

const positionSchema = z.tuple([z.string().regex(/^\d{1,19}$/), z.uuid(), z.string().regex(/^\d{1,15}$/)]);

/** Throws INVALID_ARGUMENT for what is no position. */
export function parsePosition(text: string): FeedPosition {
  const parsed = positionSchema.safeParse(text.split('.'));
  if (!parsed.success) throw invalidArgument('Last-Event-ID', 'the id of an event of this stream');
  const [xid, taskId, seq] = parsed.data;
  return { xid, taskId, seq: Number(seq) };
}
