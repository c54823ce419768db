/** Reads the events of many tasks in one order that never changes: that of the transactions, one cluster after the other. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import type { Scope } from './channel.js';
import type { Horizon } from './feed-waits.js';
import { pagesOf, toLogEvents, type PageRow } from './event-page.js';
import { EPOCH } from './new-pages.js';

/** Whose events: all of a caller's, or those of one of the caller's sessions. */
export interface FeedScope {
  readonly caller: Caller;
  /** The key of the session. */
  readonly sessionId?: string;
}

/** The last event that a reader has seen. */
export interface FeedPosition {
  readonly epoch: string;
  readonly xid: string;
  readonly taskId: string;
  readonly seq: number;
}

export interface FeedEvent extends LogEvent {
  readonly position: FeedPosition;
}

/** Pages of the log that one read looks at. */
const PAGES = 100;
const NO_TASK = '00000000-0000-0000-0000-000000000000';
export const BEGINNING: FeedPosition = { epoch: '0', xid: '0', taskId: NO_TASK, seq: 0 };

/** No transaction that is still under way has a lower id. */
const OLDEST = 'pg_snapshot_xmin(pg_current_snapshot())';

function sql(scope: string): string {
  const after = '($3::bigint, $4::xid8, $5::uuid, $6::bigint)';
  const order = 'e.epoch, e.xid, e.task_id, e.last_seq';
  const pages = `(
  SELECT c.* FROM task_pages c
  WHERE ${scope} AND (c.epoch, c.xid, c.task_id, c.last_seq) > ${after} AND (c.epoch, c.xid) < (${EPOCH}, ${OLDEST})
  ORDER BY c.epoch, c.xid, c.task_id, c.last_seq LIMIT ${PAGES})`;
  return pagesOf(pages, order, '$7::int', 'p.epoch::text AS epoch, p.xid::text AS xid, ');
}

const ofCaller = sql('c.tenant = $1 AND c.owner = $2');
const ofSession = sql('c.tenant = $1 AND c.owner = $2 AND c.session_id = $8');

/** The next events behind `after`, at most a page of them. */
export async function readFeed(
  database: Database,
  { caller, sessionId }: FeedScope,
  after: FeedPosition,
): Promise<readonly FeedEvent[]> {
  const values = [caller.tenant, caller.owner, after.epoch, after.xid, after.taskId, after.seq, database.shares.bytes];
  const rows = await database.query<PageRow & { epoch: string; xid: string }>(
    sessionId === undefined ? ofCaller : ofSession,
    sessionId === undefined ? values : [...values, sessionId],
  );
  return rows.flatMap((page) => {
    const { epoch, xid, task_id: taskId } = page;
    const isReaders = epoch === after.epoch && xid === after.xid && taskId === after.taskId;
    return toLogEvents(page, isReaders ? after.seq : 0).map((event) => {
      return { position: { epoch, xid, taskId, seq: event.seq }, ...event };
    });
  });
}

const changedSql = `
SELECT ${EPOCH}::text AS epoch, ${OLDEST}::text AS xid, pg_snapshot_xmax(pg_current_snapshot())::text AS next, ARRAY(
  SELECT s.n FROM json_to_recordset($1) AS s(n int, tenant text, owner text, session_id uuid)
  WHERE $2::bigint IS NOT NULL AND CASE WHEN s.session_id IS NULL
    THEN EXISTS (SELECT 1 FROM task_pages c WHERE c.tenant = s.tenant AND c.owner = s.owner AND (c.epoch, c.xid) >= ($2::bigint, $3::xid8))
    ELSE EXISTS (SELECT 1 FROM task_pages c WHERE c.session_id = s.session_id AND (c.epoch, c.xid) >= ($2::bigint, $3::xid8)) END
) AS changed`;

/** Those of the scopes in which something was committed, or became readable, since another time; and what it is now. */
export async function readChangedScopes(
  database: Database,
  scopes: readonly Scope[],
  since: FeedPosition | undefined,
): Promise<{ readonly changed: readonly Scope[]; readonly now: FeedPosition; readonly horizon: Horizon }> {
  const input = scopes.map(({ tenant, owner, sessionId }, n) => ({ n, tenant, owner, session_id: sessionId }));
  const [row] = await database.prepared<{ epoch: string; xid: string; next: string; changed: number[] }>(
    'read-changed-scopes',
    changedSql,
    [JSON.stringify(input), since?.epoch ?? null, since?.xid ?? null],
  );
  const { changed = [], next = '0', ...now } = row ?? {};
  const position = { ...BEGINNING, ...now };
  const horizon = { oldest: BigInt(position.xid), next: BigInt(next) };
  return { changed: changed.flatMap((n) => scopes[n] ?? []), now: position, horizon };
}

/** Behind everything that is visible now. */
export async function endOfFeed(database: Database): Promise<FeedPosition> {
  const rows = await database.query<{ epoch: string; xid: string }>(
    `SELECT ${EPOCH}::text AS epoch, ${OLDEST}::text AS xid`,
  );
  return { ...BEGINNING, ...rows[0] };
}

export function formatPosition({ epoch, xid, taskId, seq }: FeedPosition): string {
  return `${epoch}-${xid}.${taskId}.${seq}`;
}

const number = z.string().regex(/^\d{1,15}$/);
const transaction = z.templateLiteral([number, '-', z.string().regex(/^\d{1,19}$/)]);
const positionSchema = z.tuple([transaction, z.uuid(), number]);

/** Throws INVALID_ARGUMENT for what is no position. */
export function parsePosition(text: string): FeedPosition {
  const parsed = positionSchema.safeParse(text.split('.'));
  if (!parsed.success) throw invalidArgument('Last-Event-ID', 'the id of an event of this stream');
  const [written, taskId, seq] = parsed.data;
  const [epoch = '', xid = ''] = written.split('-');
  return { epoch, xid, taskId, seq: Number(seq) };
}
