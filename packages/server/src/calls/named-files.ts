/** Files of this server that a message names: they have to be there, and live with its session from then on. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { FilesService } from '../files/files.service.js';
import type { StoredFile } from '../files/file.js';
import type { Caller } from '../platform/caller.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { SendOptions } from './send-options.js';

export interface NamedFilesParts {
  readonly files: FilesService;
  readonly tasks: TasksService;
}

export class NamedFiles {
  constructor(private readonly parts: NamedFilesParts) {}

  /** Throws INVALID_ARGUMENT for a file that isn't there, unless the message is one that `agent` was sent before. */
  async check(
    caller: Caller,
    agent: string,
    { parts, contextId, messageId }: Message,
    { requestUrl, filesWithin: within }: Pick<SendOptions, 'requestUrl' | 'filesWithin'>,
  ): Promise<readonly StoredFile[]> {
    if (parts.every(({ url }) => url === undefined)) return [];
    const { files, tasks } = this.parts;
    try {
      return await files.namedIn(caller, parts, { requestUrl: requestUrl?.(), within });
    } catch (error) {
      if (contextId === undefined) throw error;
      if ((await tasks.findByMessage(caller, { contextId, messageId, agent })) === undefined) throw error;
      return [];
    }
  }

  /** `contextId`: of the session that the message is in. */
  async keep(caller: Caller, files: readonly StoredFile[], contextId: string): Promise<void> {
    if (files.length > 0) await this.parts.files.keepWith(caller, files, contextId);
  }
}
