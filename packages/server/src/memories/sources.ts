/** How far sessions have been gone through for memories, agent by agent, and when that goes on. */
import type { Queryable } from '../platform/database.js';
import { endOfLook, saidByOwner, startOfText } from '../sessions/views.js';

/** A session in which an agent with memory was spoken to. */
export interface MemorySourceRow {
  /** The session's key. */
  readonly session: string;
  /** `type/name`. */
  readonly agent: string;
  /** Whose session. */
  readonly tenant: string;
  readonly owner: string;
  readonly contextId: string;
  /** The last message that was gone through. */
  readonly drawnSeq: number;
  readonly round: number;
}

export interface SaidInSession {
  readonly seq: number;
  readonly messageId: string;
  /** The beginning of it, a little more than `SAID_CHARACTERS` where there is more. */
  readonly text: string;
}

interface Row {
  readonly [column: string]: unknown;
  readonly session_id: string;
  readonly agent: string;
  readonly tenant: string;
  readonly owner: string;
  readonly context_id: string;
  readonly drawn_seq: number;
  readonly round: number;
}

const columns = 'session_id, agent, tenant, owner, context_id, drawn_seq, round';

/** Messages that one task goes through. */
const MOST_MESSAGES = 50;
/** Of one message: a note is rarely at the end of a long paste. */
export const SAID_CHARACTERS = 4_000;
/** One statement looks at so much: most of what messages carry is no text. */
const LOOK = { messages: 200, bytes: 8 * 1024 ** 2 };

// What was said before the first turn with memory isn't gone through.
const noteSql = `
INSERT INTO memory_sources AS m (session_id, agent, tenant, owner, context_id, drawn_seq, round, due_at)
SELECT $1, $2, $3, $4, $5,
  coalesce((SELECT s.seq FROM (${saidByOwner('$1', '$4')}) s WHERE s.message_id = $6),
           (SELECT max(s.seq) FROM (${saidByOwner('$1', '$4')}) s), 1) - 1, 1, $7
ON CONFLICT (session_id, agent) DO UPDATE SET due_at = coalesce(m.due_at, EXCLUDED.due_at),
  round = CASE WHEN m.due_at IS NULL OR m.due_at <= $8 THEN m.round + 1 ELSE m.round END`;

/**
 * There is something new, to be gone through at `dueAt`, or at the time that was set before. A round whose time has come may
 * have its task already, which has looked before: then it is another round.
 */
export async function noteTurn(
  client: Queryable,
  turn: Pick<MemorySourceRow, 'session' | 'agent' | 'tenant' | 'owner' | 'contextId'> & { readonly messageId: string },
  dueAt: Date,
  now: Date,
): Promise<void> {
  const { session, agent, tenant, owner, contextId, messageId } = turn;
  await client.query(noteSql, [
    session,
    agent,
    tenant,
    owner,
    contextId,
    messageId,
    dueAt.toISOString(),
    now.toISOString(),
  ]);
}

/** Those whose time has come, the longest due first. */
export async function dueSources(client: Queryable, at: Date, most: number): Promise<readonly MemorySourceRow[]> {
  const rows = await client.query<Row>(
    `SELECT ${columns} FROM memory_sources WHERE due_at <= $1 ORDER BY due_at LIMIT $2`,
    [at.toISOString(), most],
  );
  return rows.map(toSource);
}

/** The source has its task, or needs none: its time is over, or comes again at `again`. */
export async function settleSource(
  client: Queryable,
  { session, agent, round }: Pick<MemorySourceRow, 'session' | 'agent' | 'round'>,
  again: Date | undefined,
): Promise<void> {
  await client.query('UPDATE memory_sources SET due_at = $4 WHERE session_id = $1 AND agent = $2 AND round = $3', [
    session,
    agent,
    round,
    again?.toISOString() ?? null,
  ]);
}

/** Undefined when the session is gone, or the agent has never been spoken to in it. */
export async function readSource(
  client: Queryable,
  session: string,
  agent: string,
): Promise<MemorySourceRow | undefined> {
  const [row] = await client.query<Row>(`SELECT ${columns} FROM memory_sources WHERE session_id = $1 AND agent = $2`, [
    session,
    agent,
  ]);
  return row === undefined ? undefined : toSource(row);
}

const saidSql = `
SELECT l.seen, s.seq, s.message_id, s.text
FROM (SELECT ${endOfLook('$1', '$2', '$3', LOOK)} AS seen) l
LEFT JOIN LATERAL (
  SELECT o.seq, o.message_id, ${startOfText('o.message', SAID_CHARACTERS + 1)} AS text
  FROM (${saidByOwner('$1', '$4')}) o WHERE o.seq > $2 AND o.seq <= l.seen ORDER BY o.seq LIMIT $5) s ON true
ORDER BY s.seq`;

/**
 * What its owner said in a session behind `from`, up to `to`, oldest first: some of it, the beginning, and nothing only where
 * there is nothing. Whatever its messages carry, no more than a look's bytes are read at a time, and texts alone are fetched.
 */
export async function readSaid(
  client: Queryable,
  { session, owner }: Pick<MemorySourceRow, 'session' | 'owner'>,
  from: number,
  {
    to = Number.MAX_SAFE_INTEGER,
    most = MOST_MESSAGES,
  }: { readonly to?: number | undefined; readonly most?: number } = {},
): Promise<readonly SaidInSession[]> {
  for (let behind = from; ;) {
    const rows = await client.query<SaidRow>(saidSql, [session, behind, to, owner, most]);
    const said = rows.flatMap(({ seq, message_id, text }) =>
      seq === null ? [] : { seq, messageId: message_id, text },
    );
    const seen = rows[0]?.seen ?? null;
    if (said.length > 0 || seen === null) return said;
    behind = seen;
  }
}

type SaidRow = { readonly seen: number | null } & (
  | { readonly seq: number; readonly message_id: string; readonly text: string }
  | { readonly seq: null; readonly message_id: null; readonly text: null }
);

const advanceSql = `
UPDATE memory_sources m SET drawn_seq = $5, due_at = CASE WHEN n.more THEN coalesce(m.due_at, $6) ELSE m.due_at END,
  round = CASE WHEN n.more AND m.due_at IS NULL THEN m.round + 1 ELSE m.round END
FROM (SELECT EXISTS (SELECT FROM (${saidByOwner('$1', '$4')}) s WHERE s.seq > $5) AS more) n
WHERE m.session_id = $1 AND m.agent = $2 AND m.drawn_seq = $3 RETURNING 1`;

/**
 * False when the source has got further already, or is gone: then nothing of what was drawn counts. What was said behind
 * `to` is gone through in another round, at once: whoever was slower may have drawn from it, and in vain.
 */
export async function advanceSource(
  client: Queryable,
  { session, agent, owner, drawnSeq }: Pick<MemorySourceRow, 'session' | 'agent' | 'owner' | 'drawnSeq'>,
  to: number,
  at: Date,
): Promise<boolean> {
  const rows = await client.query(advanceSql, [session, agent, drawnSeq, owner, to, at.toISOString()]);
  return rows.length > 0;
}

function toSource(row: Row): MemorySourceRow {
  return {
    session: row.session_id,
    agent: row.agent,
    tenant: row.tenant,
    owner: row.owner,
    contextId: row.context_id,
    drawnSeq: row.drawn_seq,
    round: row.round,
  };
}
