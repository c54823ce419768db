/** The session store: conversations that outlive their tasks. Optional for agents, which run stateless without it. */
import { Injectable } from '@nestjs/common';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Checkpoint, SessionWindow } from '@continuo/agent/internal/sessions/session-window.js';
import type { Caller } from '../platform/caller.js';
import type { Database } from '../platform/database.js';
import { orUnavailable } from '../platform/database.js';
import { createSession } from './create-session.js';
import { deleteEmptySession } from './delete-session.js';
import { findMessage } from './find-message.js';
import { findSaidTo } from './find-said-to.js';
import { forkSession } from './fork-session.js';
import { listMessages } from './list-messages.js';
import { listSessions } from './list-sessions.js';
import { readHistory } from './read-history.js';
import { readSession, requireSession, sessionNotFound } from './read-session.js';
import { readWindow } from './read-window.js';
import { saveCheckpoint } from './save-checkpoint.js';
import { changeState, readAllState, readState, writeState } from './session-state.js';
import { saveMessage } from './save-message.js';
import { checkMetadata } from './session-metadata.js';
import { forgetUpdates, StateUpdates } from './state-updates.js';
import type { Fork, MessageOrder, NewSession, PageRequest, SaidTo, SessionChange } from './store-requests.js';
import { replaceTitle } from './replace-title.js';
import { updateSession } from './update-session.js';
import type { MessagePage, SaidMessage, Session, SessionPage, SessionState } from './session.js';

/**
 * The store of sessions, for whoever acts for many callers: each method is told whose session it is about. `Sessions`
 * is the simpler way in.
 */
@Injectable()
export class SessionsService {
  readonly #updates: StateUpdates;

  /** @internal */
  constructor(
    private readonly database: Database,
    private readonly clock: Clock = systemClock,
  ) {
    this.#updates = new StateUpdates(database);
  }

  /**
   * A new session; `contextId` is for one that may have been created before, which is then returned as it is. Throws
   * INVALID_ARGUMENT for metadata of more than 64 KiB as JSON.
   */
  async create(caller: Caller, session: NewSession = {}, contextId = newId()): Promise<Session> {
    checkMetadata(session.metadata);
    const now = this.clock.now();
    const created = await orUnavailable(() => createSession(this.database, caller, contextId, session, now));
    return created ?? this.get(caller, contextId);
  }

  /** Takes a session back that was begun for what was not accepted. */
  async giveUp(caller: Caller, contextId: string): Promise<void> {
    await orUnavailable(() => deleteEmptySession(this.database, caller, contextId));
  }

  /** False when there is one with this id already. */
  async begin(caller: Caller, contextId: string): Promise<boolean> {
    const now = this.clock.now();
    const created = await orUnavailable(() => createSession(this.database, caller, contextId, {}, now));
    return created !== undefined;
  }

  /** Throws SESSION_NOT_FOUND for what doesn't exist and for what isn't the caller's. */
  get(caller: Caller, contextId: string): Promise<Session> {
    return requireSession(this.database, caller, contextId);
  }

  /** Undefined for what doesn't exist and for what isn't the caller's. */
  find(caller: Caller, contextId: string): Promise<Session | undefined> {
    return orUnavailable(() => readSession(this.database, caller, contextId));
  }

  /** Whether the caller has this session. */
  async exists(caller: Caller, contextId: string): Promise<boolean> {
    return (await this.find(caller, contextId)) !== undefined;
  }

  /**
   * The caller's sessions, most recently changed first. `q` finds words of titles and messages, the last one may be a
   * beginning. Throws INVALID_ARGUMENT for a token that isn't of this list.
   */
  list(caller: Caller, page: PageRequest & { readonly q?: string | undefined }): Promise<SessionPage> {
    return orUnavailable(() => listSessions(this.database.reading(), caller, page.q, page));
  }

  /** Undefined leaves a field as it is, null removes it. Throws SESSION_NOT_FOUND, and INVALID_ARGUMENT as `create` does. */
  async update(caller: Caller, contextId: string, change: SessionChange): Promise<Session> {
    checkMetadata(change.metadata);
    const session = await orUnavailable(() =>
      updateSession(this.database, caller, contextId, change, this.clock.now()),
    );
    return session ?? notFound(contextId);
  }

  /**
   * A new session of the caller's with the messages, the state and the summaries of another; `newContextId` is for one
   * that may have been made before, which is then returned as it is. Throws SESSION_NOT_FOUND, and INVALID_ARGUMENT for a
   * message that the session hasn't.
   */
  async fork(caller: Caller, fork: Fork, newContextId = newId()): Promise<Session> {
    const now = this.clock.now();
    const forked = await orUnavailable(() => forkSession(this.database.patient, caller, newContextId, fork, now));
    if (forked !== undefined) return forked;
    const before = await this.find(caller, newContextId);
    if (before !== undefined) return before;
    await this.get(fork.from, fork.contextId);
    throw invalidArgument('messageId', 'the id of a message of this session');
  }

  /** Another title in place of one that the session has; false when it has another one by now, or is gone. */
  replaceTitle(key: string, titles: { readonly from: string; readonly to: string }): Promise<boolean> {
    return orUnavailable(() => replaceTitle(this.database, key, titles));
  }

  /** All that agents keep in the session. Throws SESSION_NOT_FOUND. */
  async state(caller: Caller, contextId: string): Promise<SessionState> {
    return (await orUnavailable(() => readAllState(this.database, caller, contextId))) ?? notFound(contextId);
  }

  /** Sets values, removes those that are null; answers with all. Throws SESSION_NOT_FOUND and PAYLOAD_TOO_LARGE. */
  async changeState(caller: Caller, contextId: string, change: SessionState): Promise<SessionState> {
    const now = this.clock.now();
    const state = await orUnavailable(() => changeState(this.database, caller, contextId, change, now));
    return state ?? notFound(contextId);
  }

  /** Throws SESSION_NOT_FOUND, and INVALID_ARGUMENT for a token that isn't of this list in this order. */
  async messages(
    caller: Caller,
    contextId: string,
    page: PageRequest & { readonly order: MessageOrder },
  ): Promise<MessagePage> {
    await this.get(caller, contextId);
    return orUnavailable(() => listMessages(this.database, caller, contextId, page.order, page));
  }

  /** Adds a message to the session, once: a second message with the same id changes nothing. */
  save(key: string, message: Message, from: { readonly taskId: string; readonly agent: string }): Promise<void> {
    return orUnavailable(() => saveMessage(this.database, key, message, from, this.clock.now()));
  }

  /** The message with this id, and the agent that it was said to, or by; undefined when the session has none. */
  message(key: string, messageId: string): Promise<SaidMessage | undefined> {
    return orUnavailable(() => findMessage(this.database, key, messageId));
  }

  /** What the user said last to an agent; undefined when the session has no such message. */
  saidTo(key: string, which: SaidTo): Promise<Message | undefined> {
    return orUnavailable(() => findSaidTo(this.database, key, which));
  }

  /** The last `limit` messages before the one with `beforeMessageId`, oldest first; all, when there is no such one. */
  history(key: string, beforeMessageId: string, limit: number): Promise<readonly Message[]> {
    return orUnavailable(() => readHistory(this.database, key, beforeMessageId, limit));
  }

  /** The last checkpoint before the message with `beforeMessageId`, and at most `limit` messages between the two. */
  window(key: string, beforeMessageId: string, limit: number): Promise<SessionWindow> {
    return orUnavailable(() => readWindow(this.database, key, beforeMessageId, limit));
  }

  /** Keeps a summary of the messages up to a place; of two for the same place the first. */
  saveCheckpoint(key: string, checkpoint: Checkpoint): Promise<void> {
    return orUnavailable(() => saveCheckpoint(this.database, key, checkpoint, this.clock.now()));
  }

  /** The value of this name; undefined where there is none. */
  getState(key: string, name: string): Promise<unknown> {
    return orUnavailable(() => readState(this.database, key, name));
  }

  /** Undefined removes the value. */
  setState(key: string, name: string, value: unknown): Promise<void> {
    return orUnavailable(() => writeState(this.database, key, name, value));
  }

  /** The only way in which two that change a value at the same moment lose nothing; see SessionStore. */
  updateState(key: string, name: string, mark: string, change: (value: unknown) => unknown): Promise<unknown> {
    return orUnavailable(() => this.#updates.update(key, name, mark, change));
  }

  /** Forgets marks of `updateState`, whose updates can't come again. */
  forgetUpdates(key: string, marks: readonly string[]): Promise<void> {
    return orUnavailable(() => forgetUpdates(this.database, key, marks));
  }
}

function notFound(contextId: string): never {
  throw sessionNotFound(contextId);
}
