/** Push notification configs of A2A (sections 3.1.7 to 3.1.10): some for each task, told of every event of it. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isId, newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { Egress } from '../platform/egress/egress.js';
import {
  deletePushConfigs,
  MOST_CONFIGS,
  readPushConfigs,
  savePushConfig,
  type PushConfig,
  type WireVersion,
} from './push-config-rows.js';
import { parsePushConfig } from './webhook-options.js';

export class PushConfigsService {
  constructor(
    private readonly database: Database,
    private readonly egress: Egress,
    private readonly clock: Clock,
  ) {}

  /** The config, with an id. Throws INVALID_ARGUMENT with a field that begins with `root`. */
  parse(config: Readonly<Record<string, unknown>>, root = ''): PushConfig {
    return parsePushConfig(config, this.egress, root);
  }

  /** The task need not be stored yet: then it misses none of its events. Throws QUOTA_EXCEEDED. */
  async save(caller: Caller, config: PushConfig, version: WireVersion): Promise<PushConfig> {
    const at = this.clock.now().toISOString();
    const saved = await orUnavailable(() => savePushConfig(this.database, caller, newId(), config, { version, at }));
    if (saved) return config;
    throw new ContinuoError(
      'QUOTA_EXCEEDED',
      `Task ${config.taskId} has ${MOST_CONFIGS} push notification configs; delete one first.`,
      { retryAfterSeconds: 60 },
    );
  }

  /** Without token and credentials. Throws TASK_NOT_FOUND, as A2A has it, when the task has no such config. */
  async get(caller: Caller, taskId: string, id: string): Promise<PushConfig> {
    const [found] = await orUnavailable(() => readPushConfigs(this.database, caller, taskId, id));
    if (found !== undefined) return found;
    throw new ContinuoError('TASK_NOT_FOUND', `Task ${taskId} has no push notification config ${id}.`);
  }

  list(caller: Caller, taskId: string): Promise<readonly PushConfig[]> {
    return orUnavailable(() => readPushConfigs(this.database, caller, taskId));
  }

  /** Nothing happens when there is none; `id` undefined: all of the task. */
  async remove(caller: Caller, taskId: string, id?: string): Promise<void> {
    if (isId(taskId)) await orUnavailable(() => deletePushConfigs(this.database, caller, taskId, id));
  }
}
