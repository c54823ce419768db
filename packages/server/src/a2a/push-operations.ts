/** A2A's operations on push notification configs, between the SDK's types and the room that keeps them. */
import type {
  ListTaskPushNotificationConfigsResponse,
  SendMessageRequest,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import type { ServerCallContext } from '@a2a-js/sdk/server';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { TaskAttachment } from '../calls/send-options.js';
import type { Caller } from '../platform/caller.js';
import type { PushConfig } from '../webhooks/push-config-rows.js';
import type { PushConfigsService } from '../webhooks/push-configs.service.js';
import type { IdempotencyKeys } from '../calls/idempotency.js';
import { callOf, idempotencyKeyOf } from './call-context.js';

/** How each version calls the config of a request. */
const OLD_NAME = 'pushNotificationConfig';
const INLINE = 'taskPushNotificationConfig';

/** The caller's right to the task was checked before. */
export class PushOperations {
  constructor(
    private readonly configs: PushConfigsService,
    private readonly idempotency: IdempotencyKeys,
  ) {}

  /** Shows token and credentials a last time. Under one idempotency key one config is made, however often it is asked for. */
  async create(
    caller: Caller,
    params: TaskPushNotificationConfig,
    context: ServerCallContext,
  ): Promise<TaskPushNotificationConfig> {
    const { wireVersion } = callOf(context);
    const place = wireVersion === '0.3' ? OLD_NAME : undefined;
    const key = idempotencyKeyOf(context);
    // What is wrong with it is said before the key stands for it.
    const checked = this.configs.parse({ ...params, id: params.id || newId() }, place);
    const claimed = await this.idempotency.claim(caller, key, 'create a push notification config', params);
    const config = params.id || claimed === undefined ? checked : { ...checked, id: claimed };
    return toSdk(await this.configs.save(caller, config, wireVersion), params.tenant);
  }

  /** Version 0.3 may leave the config's id out: the first one is meant. */
  async get(
    caller: Caller,
    { taskId, id, tenant }: { readonly taskId: string; readonly id: string; readonly tenant: string },
  ): Promise<TaskPushNotificationConfig> {
    const [first] = id === '' ? await this.configs.list(caller, taskId) : [];
    return toSdk(first ?? (await this.configs.get(caller, taskId, id)), tenant);
  }

  /** All of them: there are no pages. */
  async list(
    caller: Caller,
    { taskId, tenant }: { readonly taskId: string; readonly tenant: string },
  ): Promise<ListTaskPushNotificationConfigsResponse> {
    const configs = await this.configs.list(caller, taskId);
    return { configs: configs.map((config) => toSdk(config, tenant)), nextPageToken: '' };
  }

  async remove(caller: Caller, { taskId, id }: { readonly taskId: string; readonly id: string }): Promise<void> {
    await this.configs.remove(caller, taskId, id);
  }

  /** The config that came with a message, for the task that the message makes; without an id it gets the task's. */
  attachment(
    caller: Caller,
    { configuration }: SendMessageRequest,
    context: ServerCallContext,
  ): TaskAttachment | undefined {
    const given = configuration?.taskPushNotificationConfig;
    if (given === undefined) return undefined;
    const version = callOf(context).wireVersion;
    const place = `configuration.${version === '0.3' ? OLD_NAME : INLINE}`;
    const configOf = (taskId: string): PushConfig =>
      this.configs.parse({ ...given, taskId, id: given.id || taskId }, place);
    // What is wrong with it is said before anything is stored.
    configOf(newId());
    return {
      asked: given,
      attach: async (taskId) => void (await this.configs.save(caller, configOf(taskId), version)),
      detach: (taskId) => this.configs.remove(caller, taskId),
    };
  }
}

function toSdk({ id, taskId, url, token, authentication }: PushConfig, tenant: string): TaskPushNotificationConfig {
  return {
    tenant,
    id,
    taskId,
    url,
    token: token ?? '',
    authentication:
      authentication === undefined
        ? undefined
        : { scheme: authentication.scheme, credentials: authentication.credentials ?? '' },
  };
}
