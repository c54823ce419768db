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
import { localCaller } from '../platform/caller.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { onlyFields } from '../platform/known-fields.js';
import { SessionEraser } from '../retention/erase.js';
import type { MessagePage, Session, SessionPage, SessionState } from '../sessions/session.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Quotas } from '../tasks/quotas.js';
import { asQuery } from './as-query.js';
import { onceFields, toCaller, type ActingAs, type Once } from './options.js';

/** What a session is called and what else is known of it. */
export interface SessionAbout {
  /** 1 to 500 characters; null: none. */
  readonly title?: string | null | undefined;
  /** JSON, as the application needs it, up to 64 KiB; agents read it. null: none. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Which page of a list. */
export interface PageQuery {
  /** 1 to 100. Default: 50. */
  readonly pageSize?: number | undefined;
  /** The `nextPageToken` of the page before, which is empty on the last. Default: the first page. */
  readonly pageToken?: string | undefined;
}

/** Which of the sessions are listed, and which page of them. */
export interface SessionQuery extends PageQuery {
  /** Words of titles and messages, up to 400 characters. Default: all sessions. */
  readonly q?: string | undefined;
}

/** Which page of what was said, and in which order. */
export interface MessageQuery extends PageQuery {
  /** `asc`: oldest first. Default: `asc`. */
  readonly order?: 'asc' | 'desc' | undefined;
}

/** What the fork of a session has, and what it is called. */
export interface SessionFork extends Once {
  /** The last message that the fork has. Default: it has all. */
  readonly messageId?: string | undefined;
  /** 1 to 500 characters. Default: that of the session. */
  readonly title?: string | undefined;
}

const creating = onlyFields({ ...newSession.shape, ...onceFields });
const forking = onlyFields({ ...newFork.shape, ...onceFields });
const listing = onlyFields(listParameters.omit({ shared: true }).shape);
const reading = onlyFields(messageParameters.omit({ owner: true }).shape);

/**
 * The sessions of a caller: conversations with agents, which keep what was said in them and what agents remember. A call
 * becomes a part of one with `sessionId`.
 *
 * Everything is durable when its promise resolves, and refused as over HTTP, with a ContinuoError, when it can't be done;
 * nothing has changed then: SESSION_NOT_FOUND for what doesn't exist and for what is somebody else's, INVALID_ARGUMENT with
 * its `field` (there are no options but those listed), QUOTA_EXCEEDED, UNAVAILABLE while the database is away, and
 * UNSUPPORTED_OPERATION where no sessions are kept (CONTINUO_SESSIONS=false).
 *
 * The caller is the owner `local` in the tenant `default`, as in `Agents`; `as` acts as another.
 *
 * @example
 * const { id: sessionId } = await this.sessions.create({ title: 'Order 7', metadata: { order: 7 } });
 * await this.agents.call(RefundsAgent, { text: 'Where is it?', sessionId });
 * const { messages } = await this.sessions.messages(sessionId);
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

  #caller = localCaller();

  /**
   * The same, as another caller: whose sessions they are. Nothing is asked for that would prove it; that is the
   * application's to know.
   *
   * @throws ContinuoError: INVALID_ARGUMENT for an owner or tenant that is empty or longer than 256 characters.
   * @example
   * const { sessions } = await this.sessions.as({ owner: user.id }).list({ pageSize: 10 });
   */
  as(caller: ActingAs): Sessions {
    const sessions = new Sessions(this.kept, this.calls, this.eraser, this.idempotency, this.quotas);
    sessions.#caller = toCaller(caller);
    return sessions;
  }

  /**
   * Opens a session, empty. Without a title it has none (null) until the first message, which then gives it one.
   *
   * @throws ContinuoError: INVALID_ARGUMENT, also for an `idempotencyKey` that has stood for something else; QUOTA_EXCEEDED.
   * @example
   * const { id } = await this.sessions.create({ title: 'Order 7', idempotencyKey: `order-${order.id}` });
   */
  async create(about: SessionAbout & Once = {}): Promise<Session> {
    const { idempotencyKey: key, ...session } = parse(creating, about);
    await this.quotas.checkStored(this.#caller);
    const id = await this.idempotency.claim(this.#caller, key, 'create a session', session);
    return this.#sessions.create(this.#caller, session, id);
  }

  /**
   * What a session is: its title, its metadata, how many messages it has, when it was made and changed (ISO 8601, UTC).
   *
   * @throws ContinuoError: SESSION_NOT_FOUND.
   * @example
   * const { title, messageCount } = await this.sessions.get(sessionId);
   */
  async get(id: string): Promise<Session> {
    return this.#sessions.get(this.#caller, id);
  }

  /**
   * One page, the last change first.
   *
   * @throws ContinuoError: INVALID_ARGUMENT.
   * @example
   * let page = await this.sessions.list({ q: 'refund' });
   * while (page.nextPageToken !== '') page = await this.sessions.list({ q: 'refund', pageToken: page.nextPageToken });
   */
  async list(query: SessionQuery = {}): Promise<SessionPage> {
    const { pageSize: size, pageToken: token, q } = parse(listing, asQuery(query));
    return this.#sessions.list(this.#caller, { size, token, q });
  }

  /**
   * Changes title and metadata, and answers with the session: what is absent stays, null removes. New metadata take the
   * place of all there were.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND, INVALID_ARGUMENT, QUOTA_EXCEEDED.
   * @example
   * await this.sessions.update(sessionId, { title: 'Order 7, refunded', metadata: null });
   */
  async update(id: string, change: SessionAbout): Promise<Session> {
    const checked = parse(sessionChange, change);
    if (checked.metadata != null) await this.quotas.checkStored(this.#caller);
    return this.#sessions.update(this.#caller, id, checked);
  }

  /**
   * One page of what was said, oldest first unless `order` is `desc`: each message as A2A has it, with its number in the
   * session (`seq`, from 1), and of an agent's the agent and the task.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND, INVALID_ARGUMENT.
   * @example
   * const { messages } = await this.sessions.messages(sessionId, { order: 'desc', pageSize: 1 });
   */
  async messages(id: string, query: MessageQuery = {}): Promise<MessagePage> {
    const { pageSize: size, pageToken: token, order } = parse(reading, asQuery(query));
    return this.#sessions.messages(this.#caller, id, { size, token, order });
  }

  /**
   * A new session with what was said in this one up to `messageId`, or with all of it, and with its state; this one stays
   * as it is. Tasks don't come along.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND, INVALID_ARGUMENT (`messageId` for a message that isn't in it), QUOTA_EXCEEDED.
   * @example
   * const other = await this.sessions.fork(sessionId, { messageId, title: 'What if' });
   */
  async fork(id: string, fork: SessionFork = {}): Promise<Session> {
    const { idempotencyKey: key, ...about } = parse(forking, fork);
    const parts = { sessions: this.#sessions, idempotency: this.idempotency, quotas: this.quotas };
    const from = this.#caller;
    return forkSession(parts, from, { from, contextId: id, ...about }, key);
  }

  /**
   * Cancels what still runs in it, then removes it for good, with its messages, its tasks and its files.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND.
   * @example
   * await this.sessions.delete(sessionId);
   */
  async delete(id: string): Promise<void> {
    await removeSession({ calls: this.calls, eraser: this.eraser, sessions: this.#sessions }, this.#caller, id);
  }

  /**
   * What agents keep in it, by name; what they read as `task.session.state`.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND.
   * @example
   * const { budget } = await this.sessions.state(sessionId);
   */
  async state(id: string): Promise<SessionState> {
    return this.#sessions.state(this.#caller, id);
  }

  /**
   * Sets values by name, removes those that are null, and leaves all others; answers with all. Values are JSON.
   *
   * @throws ContinuoError: SESSION_NOT_FOUND, INVALID_ARGUMENT, QUOTA_EXCEEDED.
   * @example
   * await this.sessions.changeState(sessionId, { budget: 40, coupon: null });
   */
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
