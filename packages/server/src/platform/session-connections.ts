/** Checks that connections are sessions: a pooler that shares them loses locks, notifications and settings without a word. */
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { IDLE_IN_TRANSACTION_MS } from './pool.js';

/** As many of `pg`'s own as the check needs. */
export interface Session {
  rows<Row extends Record<string, unknown>>(text: string): Promise<readonly Row[]>;
}

/** What poolers say about the settings that a connection begins with, and about transactions where they share sessions by statement. */
const REFUSED_SETTINGS = /unsupported startup parameter/;
const REFUSED_TRANSACTIONS = /transaction blocks not allowed/;
const KEEP_SESSIONS = 'Set pool_mode = session in pgbouncer, or let DATABASE_URL lead to PostgreSQL itself';
const SETTING = 'idle_in_transaction_session_timeout';

/** Throws CONFIG_INVALID, saying what to change, unless `one` and `other` are each a session of PostgreSQL of its own. */
export async function checkSessions(one: Session, other: Session): Promise<void> {
  const before = await pidOf(one);
  // Whoever hands out the same session to everybody hands it to this one meanwhile.
  await other.rows('BEGIN').catch((error: unknown) => {
    throw REFUSED_TRANSACTIONS.test(messageOf(error)) ? needsSessions(said(error), KEEP_SESSIONS, error) : error;
  });
  try {
    await pidOf(other);
    if ((await pidOf(one)) !== before) {
      throw needsSessions(
        'two statements of one connection were carried out in different sessions of PostgreSQL, as a pooler in transaction mode does it. Locks, notifications (LISTEN) and prepared statements would be lost there',
        KEEP_SESSIONS,
      );
    }
  } finally {
    await other.rows('ROLLBACK');
  }
}

/** Whether the session of a pool has the settings that its connection began with; poolers may drop them. */
export async function hasItsSettings(session: Session): Promise<boolean> {
  const [set] = await session.rows<{ ms: string }>(`SELECT setting AS ms FROM pg_settings WHERE name = '${SETTING}'`);
  return set?.ms === String(IDLE_IN_TRANSACTION_MS);
}

/** Of an error with which a connection was refused: one about its settings is said with what to do about it. */
export function asNeedsSessions(error: unknown): unknown {
  if (!REFUSED_SETTINGS.test(messageOf(error))) return error;
  return needsSessions(
    said(error),
    'Set ignore_startup_parameters = options in pgbouncer (and pool_mode = session), or let DATABASE_URL lead to PostgreSQL itself',
    error,
  );
}

/** Of sessions whose settings can't be changed. */
export function losesSettings(): ContinuoError {
  return needsSessions(
    `${SETTING} is not what it was set to`,
    'Let DATABASE_URL lead to PostgreSQL itself, or to a pooler that keeps a session for each connection',
  );
}

function needsSessions(found: string, remedy: string, cause?: unknown): ContinuoError {
  const message = `Continuo needs session connections: ${found}. ${remedy} (docs/instances.md, "Poolers").`;
  return new ContinuoError('CONFIG_INVALID', message, { cause });
}

function said(error: unknown): string {
  return `the pooler before PostgreSQL says "${messageOf(error)}"`;
}

async function pidOf(session: Session): Promise<number | undefined> {
  const [row] = await session.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return row?.pid;
}
