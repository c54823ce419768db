/** The session store: conversations that outlive their tasks. Optional for agents, which run stateless without it. */
import { Injectable } from '@nestjs/common';
import type { Database } from '../platform/database.js';
import { orUnavailable } from '../platform/database.js';
import { readHistory } from './read-history.js';
import { readState, writeState } from './session-state.js';
import { saveMessage } from './save-message.js';
import type { Message } from './message.js';

@Injectable()
export class SessionsService {
  constructor(protected readonly database: Database) {}

  /** Adds a message to the session, once: a second message with the same id changes nothing. */
  save(key: string, message: Message, from: { readonly taskId: string; readonly agent: string }): Promise<void> {
    return orUnavailable(() => saveMessage(this.database, key, message, from));
  }

  /** The last `limit` messages before the one with `beforeMessageId`, oldest first; all, when there is no such one. */
  history(key: string, beforeMessageId: string, limit: number): Promise<readonly Message[]> {
    return orUnavailable(() => readHistory(this.database, key, beforeMessageId, limit));
  }

  getState(key: string, name: string): Promise<unknown> {
    return orUnavailable(() => readState(this.database, key, name));
  }

  /** Undefined removes the value. */
  setState(key: string, name: string, value: unknown): Promise<void> {
    return orUnavailable(() => writeState(this.database, key, name, value));
  }
}
