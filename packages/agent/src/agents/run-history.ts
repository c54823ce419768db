/** What was said in the session before a task: the same in every run, so a run waits a while for a store that is away. */
import type { Clock } from '../platform/clock.js';
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { MOST_INT } from '../platform/ranges.js';
import { givenText } from '../runs/names.js';
import type { Message } from '../sessions/message.js';
import { readSession } from '../sessions/read-session.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';

const DEFAULT_LIMIT = 50;

interface Parts {
  readonly sessions: Pick<SessionStore, 'history'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The run's. */
  readonly signal: AbortSignal;
}

/** Nothing, without a session. Throws TypeError for a `limit` that is no number of messages. */
export async function runHistory(
  { id, sessionId, message }: Pick<ClaimedTask, 'id' | 'sessionId' | 'message'>,
  { limit = DEFAULT_LIMIT }: { readonly limit?: number },
  { sessions, clock, log, signal }: Parts,
): Promise<readonly Message[]> {
  checkLimit(limit);
  if (sessions === undefined || sessionId === null) return [];
  const most = Math.min(limit, MOST_INT);
  try {
    return await readSession(() => sessions.history(sessionId, message.messageId, most), clock, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: messageOf(error), taskId: id }, 'the session could not be read; going on without its history');
    return [];
  }
}

function checkLimit(limit: unknown): void {
  if (limit === Infinity || (typeof limit === 'number' && Number.isInteger(limit) && limit >= 0)) return;
  throw new TypeError(`history: limit: expected a whole number of at least 0, or Infinity, got ${givenText(limit)}`);
}
