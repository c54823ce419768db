/** `Sessions`: conversations as their owners see them, for programs in the same process. */
import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  listParameters,
  messageParameters,
  newFork,
  newSession,
  sessionChange,
  stateChange,
} from '../api/session-requests.js';
import { AgentCalls } from '../calls/agent-calls.js';
import { IdempotencyKeys } from '../calls/idempotency.js';
import { forkSession } from '../calls/fork-session.js';
import { removeSession } from '../calls/remove-session.js';
import { localCaller, type Caller } from '../platform/caller.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { SessionEraser } from '../retention/erase.js';
import type { MessagePage, Session, SessionPage, SessionState } from '../sessions/session.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Quotas } from '../tasks/quotas.js';
import { asQuery } from './as-query.js';

export interface SessionAbout {
  /** 1 to 500 characters. */
  readonly title?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface PageQuery {
  /** 1 to 100. Default: 50. */
  readonly pageSize?: number | undefined;
  /** The `nextPageToken` of the page before. Default: the first page. */
  readonly pageToken?: string | undefined;
}

interface Once {
  /** The same key of the same caller makes one, however often it is asked for. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Everything is refused as over HTTP, with a ContinuoError: SESSION_NOT_FOUND for what doesn't exist and for what is
 * somebody else's, INVALID_ARGUMENT, QUOTA_EXCEEDED, UNAVAILABLE while the database is away, and UNSUPPORTED_OPERATION where
 * no sessions are kept. The caller is the owner `local` in the tenant `default`, as in `Agents`; `as` acts as another.
 */
@Injectable()
export class Sessions {
  /** @internal */
  constructor(
    @Optional() @Inject(SessionsService) private readonly kept: SessionsService | undefined,
    @Inject(AgentCalls) private readonly calls: AgentCalls,
    @Inject(SessionEraser) private readonly eraser: SessionEraser,
    @Inject(IdempotencyKeys) private readonly idempotency: IdempotencyKeys,
    @Inject(Quotas) private readonly quotas: Quotas,
  ) {}

  #caller: Caller = localCaller();

  /** The same, as another caller; `tenant` is `default` unless it is said. */
  as({ tenant = 'default', owner }: Partial<Caller> & Pick<Caller, 'owner'>): Sessions {
    const sessions = new Sessions(this.kept, this.calls, this.eraser, this.idempotency, this.quotas);
    sessions.#caller = { tenant, owner };
    return sessions;
  }

  async create({ idempotencyKey: key, ...about }: SessionAbout & Once = {}): Promise<Session> {
    const session = parse(newSession, about);
    const id = await this.idempotency.claim(this.#caller, key, 'create a session', session);
    return this.#sessions.create(this.#caller, session, id);
  }

  async get(id: string): Promise<Session> {
    return this.#sessions.get(this.#caller, id);
  }

  /** One page, the last change first; `q` finds words of titles and messages. */
  async list(query: PageQuery & { readonly q?: string | undefined } = {}): Promise<SessionPage> {
    const { pageSize: size, pageToken: token, q } = parse(listParameters, asQuery(query));
    return this.#sessions.list(this.#caller, { size, token, q });
  }

  /** What is absent stays, null removes. */
  async update(id: string, change: SessionAbout): Promise<Session> {
    return this.#sessions.update(this.#caller, id, parse(sessionChange, change));
  }

  /** One page of what was said, oldest first unless `order` is `desc`. */
  async messages(
    id: string,
    query: PageQuery & { readonly order?: 'asc' | 'desc' | undefined } = {},
  ): Promise<MessagePage> {
    const { pageSize: size, pageToken: token, order } = parse(messageParameters, asQuery(query));
    return this.#sessions.messages(this.#caller, id, { size, token, order });
  }

  /** A new session with what was said in this one up to `messageId`, or with all of it. */
  async fork(
    id: string,
    { idempotencyKey: key, ...about }: Once & { readonly messageId?: string; readonly title?: string } = {},
  ): Promise<Session> {
    const parts = { sessions: this.#sessions, idempotency: this.idempotency, quotas: this.quotas };
    const from = this.#caller;
    return forkSession(parts, from, { from, contextId: id, ...parse(newFork, about) }, key);
  }

  /** Cancels what still runs in it, then removes it with its messages and tasks. */
  async delete(id: string): Promise<void> {
    await removeSession({ calls: this.calls, eraser: this.eraser, sessions: this.#sessions }, this.#caller, id);
  }

  /** What agents keep in it, by name. */
  async state(id: string): Promise<SessionState> {
    return this.#sessions.state(this.#caller, id);
  }

  /** Sets values by name, removes those that are null; answers with all. */
  async changeState(id: string, change: SessionState): Promise<SessionState> {
    const checked = parse(stateChange, change);
    await this.quotas.checkStored(this.#caller);
    return this.#sessions.changeState(this.#caller, id, checked);
  }

  get #sessions(): SessionsService {
    if (this.kept !== undefined) return this.kept;
    throw new ContinuoError(
      'UNSUPPORTED_OPERATION',
      'This application keeps no sessions (CONTINUO_SESSIONS is false).',
    );
  }
}
