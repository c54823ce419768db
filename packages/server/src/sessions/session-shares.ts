/** Sessions that their owners share with others of their tenant, to read or to speak in. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { recordAudit } from '../auth/audit-log.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import type { PageRequest } from './store-requests.js';
import { requireSession, sessionNotFound } from './read-session.js';
import type { Access, SessionPage, SessionShare } from './session.js';
import { deleteShare, listShared, listShares, MOST_SHARES, readAccess, upsertShare } from './share-rows.js';

export class SessionShares {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** With whom the caller shares the session. Throws SESSION_NOT_FOUND. */
  async list(caller: Caller, contextId: string): Promise<readonly SessionShare[]> {
    await requireSession(this.database, caller, contextId);
    return orUnavailable(() => listShares(this.database, caller, contextId));
  }

  /** Shares the session, or changes what the other may do in it. Throws SESSION_NOT_FOUND and INVALID_ARGUMENT. */
  async share(caller: Caller, contextId: string, owner: string, access: Access): Promise<SessionShare> {
    if (owner === caller.owner) throw invalidArgument('owner', 'somebody else');
    const at = this.clock.now();
    const both = async (client: Queryable): Promise<SessionShare | null | undefined> => {
      const share = await upsertShare(client, caller, contextId, { owner, access }, at);
      if (share == null) return share;
      const details = { owner, access };
      await recordAudit(client, { ...caller, action: 'session.shared', subject: contextId, details });
      return share;
    };
    const share = await orUnavailable(() => this.database.transaction(both));
    if (share === undefined) throw sessionNotFound(contextId);
    if (share === null) throw invalidArgument('owner', `one of at most ${MOST_SHARES} with whom a session is shared`);
    return share;
  }

  /** Nothing happens when it was not shared with this owner. Throws SESSION_NOT_FOUND. */
  async unshare(caller: Caller, contextId: string, owner: string): Promise<void> {
    await requireSession(this.database, caller, contextId);
    const both = async (client: Queryable): Promise<void> => {
      if (!(await deleteShare(client, caller, contextId, owner))) return;
      await recordAudit(client, { ...caller, action: 'session.unshared', subject: contextId, details: { owner } });
    };
    await orUnavailable(() => this.database.transaction(both));
  }

  /** The sessions that others share with the caller, the last one shared first. */
  sharedWith(caller: Caller, page: PageRequest): Promise<SessionPage> {
    return orUnavailable(() => listShared(this.database, caller, page));
  }

  /** What the caller may do in somebody's session; undefined: nothing. `key` is the session's. */
  accessOf(caller: Caller, key: string): Promise<Access | undefined> {
    return orUnavailable(() => readAccess(this.database, caller, key));
  }
}
