/** `?owner=`: for whom a call works that is about a session which somebody else shares with the caller. */
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { LOG } from '@continuo/agent/internal/platform/tokens.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { SESSIONS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import type { Log } from '../platform/log.js';
import { sessionKey } from '../sessions/append-messages.js';
import { fileNotFound } from '../files/file.js';
import { FilesService } from '../files/files.service.js';
import type { Access } from '../sessions/session.js';
import { SessionShares } from '../sessions/session-shares.js';
import { sessionNotFound } from '../sessions/read-session.js';
import { taskNotFound } from '../tasks/task-not-found.js';
import { TasksService } from '../tasks/tasks-service.js';
import { text } from './query-parameters.js';

/** How long a stream outlives the share that it was opened through, at the most. */
const LOOK_AGAIN_MS = 5_000;

export const sharedParameters = z.object({ owner: text.describe('Whose session it is; default: the own one.') });

@Injectable()
export class SharedAccess {
  constructor(
    @Inject(SessionShares) private readonly shares: SessionShares,
    @Inject(TasksService) private readonly tasks: TasksService,
    @Inject(FilesService) private readonly files: FilesService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * The caller itself, or the owner that `query` names, who shares the session with the caller.
   * Throws SESSION_NOT_FOUND for one that isn't shared, and PERMISSION_DENIED for one that is shared for reading alone.
   */
  toSession(caller: Caller, query: unknown, contextId: string, needed: Access): Promise<Caller> {
    const missing = (): ContinuoError => sessionNotFound(contextId);
    return this.#to(caller, query, needed, missing, (owner) => sessionKey(owner, contextId));
  }

  /** The same for a task of a shared session; throws TASK_NOT_FOUND for a task of any other. */
  toTask(caller: Caller, query: unknown, taskId: string, needed: Access): Promise<Caller> {
    const missing = (): ContinuoError => taskNotFound(taskId);
    return this.#to(caller, query, needed, missing, (owner) => this.tasks.sessionOf(owner, taskId));
  }

  /** The same for a file of a shared session; throws FILE_NOT_FOUND for a file of any other. */
  toFile(caller: Caller, query: unknown, id: string, needed: Access): Promise<Caller> {
    const missing = (): ContinuoError => fileNotFound(id);
    // Whoever reads a message may read what it names.
    const reader = needed === 'read' ? caller.owner : undefined;
    return this.#to(caller, query, needed, missing, (owner) => this.files.sessionOf(owner, id, reader));
  }

  /** For whom `check` says that the call works; of a share it is asked again, and the response broken off when it ended. */
  async whileOpen(caller: Caller, response: Response, check: () => Promise<Caller>): Promise<Caller> {
    const whose = await check();
    if (whose !== caller) this.#keepChecking(response, check);
    return whose;
  }

  #keepChecking(response: Response, check: () => Promise<Caller>): void {
    if (response.destroyed) return;
    const look = (): void => {
      check().catch((error: unknown) => {
        if (error instanceof ContinuoError && error.code !== 'UNAVAILABLE') response.destroy();
        else this.log.debug({ err: messageOf(error) }, 'whether a shared stream may go on will be asked again');
      });
    };
    const timer = setInterval(look, LOOK_AGAIN_MS).unref();
    response.once('close', () => {
      clearInterval(timer);
    });
  }

  /** `keyOf`: the key of the session that it is about, among those of that owner; without one, `missing` is thrown. */
  async #to(
    caller: Caller,
    query: unknown,
    needed: Access,
    missing: () => ContinuoError,
    keyOf: (owner: Caller) => string | undefined | Promise<string | undefined>,
  ): Promise<Caller> {
    const owner = ownerIn(caller, query);
    if (owner === undefined) return caller;
    const key = await keyOf(owner);
    const access = key === undefined ? undefined : await this.shares.accessOf(caller, key);
    if (access === undefined) throw missing();
    if (needed === 'write' && access === 'read') {
      throw new ContinuoError('PERMISSION_DENIED', `${owner.owner} shares this session for reading alone.`);
    }
    return owner;
  }
}

/** Somebody else; undefined for the caller. */
function ownerIn(caller: Caller, query: unknown): Caller | undefined {
  const { owner } = parse(sharedParameters, query, '');
  return owner === undefined || owner === caller.owner ? undefined : { tenant: caller.tenant, owner };
}

/** What the caller says in a session of `whose`, signed by who says it. */
export function signed(message: Message, caller: Caller, whose: Caller): Message {
  if (whose === caller) return message;
  const given = message.metadata?.[SESSIONS_EXTENSION];
  const wishes = typeof given === 'object' && given !== null ? given : {};
  return { ...message, metadata: { ...message.metadata, [SESSIONS_EXTENSION]: { ...wishes, author: caller.owner } } };
}

/** The caller's idempotency key, apart from those of the session's owner by a character that no header can hold. */
export function ownKey(key: string | undefined, caller: Caller, query: unknown): string | undefined {
  return key === undefined || ownerIn(caller, query) === undefined ? key : `${key}\n${caller.owner}`;
}
