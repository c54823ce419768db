/** Makes a new session with what was said in another one. */
import type { Caller } from '../platform/caller.js';
import type { Session } from '../sessions/session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { Quotas } from '../tasks/quotas.js';
import type { IdempotencyKeys } from './idempotency.js';

interface ForkParts {
  readonly sessions: Pick<SessionsService, 'find' | 'get' | 'fork'>;
  readonly idempotency: Pick<IdempotencyKeys, 'claim'>;
  readonly quotas: Pick<Quotas, 'checkStored'>;
}

export interface WantedFork {
  /** Whose session it is, which the caller may read. */
  readonly from: Caller;
  readonly contextId: string;
  /** The last message that the fork has; without one it has all. */
  readonly messageId?: string | null | undefined;
  readonly title?: string | null | undefined;
}

/** The same `key` of the same caller makes one. Throws SESSION_NOT_FOUND, QUOTA_EXCEEDED. */
export async function forkSession(
  { sessions, idempotency, quotas }: ForkParts,
  caller: Caller,
  { from, contextId, messageId, title }: WantedFork,
  key: string | undefined,
): Promise<Session> {
  const about = { messageId, title };
  const claimed = await idempotency.claim(caller, key, `fork session ${contextId} of ${from.owner}`, about);
  const before = claimed === undefined ? undefined : await sessions.find(caller, claimed);
  if (before !== undefined) return before;
  await sessions.get(from, contextId);
  await quotas.checkStored(caller);
  const fork = { from, contextId, messageId: messageId ?? undefined, title: title ?? undefined };
  return sessions.fork(caller, fork, claimed);
}
