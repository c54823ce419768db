/** Checks that connections are sessions: a pooler that shares them loses locks, notifications and settings without a word. */
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { IDLE_IN_TRANSACTION_MS } from './pool.js';

/** As many of `pg`'s own as the check needs. */
export interface Session {
  rows<Row extends Record<string, unknown>>(text: string): Promise<readonly Row[]>;
}

/** What poolers say about the settings that a connection begins with. */
const REFUSED_SETTINGS = /unsupported startup parameter/;

/** Throws CONFIG_INVALID, saying what to change, unless `one` and `other` are each a session of PostgreSQL of its own. */
export async function checkSessions(one: Session, other: Session): Promise<void> {
  const before = await pidOf(one);
  // Whoever hands out the same session to everybody hands it to this one meanwhile.
  await other.rows('BEGIN');
  try {
    await pidOf(other);
    if ((await pidOf(one)) !== before) {
      throw needsSessions('two statements of one connection were carried out by different ones of PostgreSQL');
    }
  } finally {
    await other.rows('ROLLBACK');
  }
  const name = 'idle_in_transaction_session_timeout';
  const [set] = await one.rows<{ ms: string }>(`SELECT setting AS ms FROM pg_settings WHERE name = '${name}'`);
  if (set?.ms !== String(IDLE_IN_TRANSACTION_MS)) {
    throw needsSessions(`${name} is ${set?.ms ?? 'unknown'} ms although it was set to ${IDLE_IN_TRANSACTION_MS} ms`);
  }
}

/** Of an error with which a connection was refused: one about its settings is said with what to do about it. */
export function asNeedsSessions(error: unknown): unknown {
  return REFUSED_SETTINGS.test(messageOf(error)) ? needsSessions(messageOf(error), error) : error;
}

function needsSessions(found: string, cause?: unknown): ContinuoError {
  return new ContinuoError(
    'CONFIG_INVALID',
    `Continuo needs session connections: ${found}. Let DATABASE_URL lead to PostgreSQL itself, or to a pooler that keeps a session for each connection and passes its settings on (docs/instances.md).`,
    { cause },
  );
}

async function pidOf(session: Session): Promise<number | undefined> {
  const [row] = await session.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return row?.pid;
}
