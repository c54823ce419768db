/** Calls under an idempotency key: whatever they do is done once, however often it is asked for. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { IdempotencyKeys } from './idempotency.js';
import type { SendOptions, Sent } from './send-options.js';

export interface IdempotentCallsParts {
  readonly tasks: TasksService;
  readonly idempotency: IdempotencyKeys;
}

/** What is asked for, and the key under which; without a key it is done each time. */
interface KeyedRequest {
  readonly operation: string;
  readonly request: unknown;
  readonly idempotencyKey?: string | undefined;
}

export class IdempotentCalls {
  constructor(private readonly parts: IdempotentCallsParts) {}

  /** The id of what a message makes that is sent under an idempotency key; undefined without one. */
  claim(
    caller: Caller,
    agent: string,
    message: Message,
    { idempotencyKey, metadata, startAt, priority, maxTokens, maxCost, question, attachment }: SendOptions,
  ): Promise<string | undefined> {
    const attached = attachment?.asked;
    const request = { message, metadata, startAt, priority, maxTokens, maxCost, question, attached };
    return this.parts.idempotency.claim(caller, idempotencyKey, `send to ${agent}`, request);
  }

  /** The task of `agent` with this id, if it was made before. */
  async made(caller: Caller, agent: string, taskId: string | undefined): Promise<Sent | undefined> {
    if (taskId === undefined) return undefined;
    try {
      const found = await this.parts.tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
      return found.agent === agent ? { taskId, created: false } : undefined;
    } catch (error) {
      if (error instanceof ContinuoError && error.code === 'TASK_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /**
   * Does `work` to a task, under a key that its event gets; with an idempotency key only when it was not done before.
   * Resolves with the ids of the tasks that were worked on.
   */
  async once(
    caller: Caller,
    taskId: string,
    { operation, request, idempotencyKey }: KeyedRequest,
    work: (key: string) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    if (idempotencyKey === undefined) return work(`${operation}:${newId()}`);
    const { tasks, idempotency } = this.parts;
    await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
    const key = `${operation}:${await idempotency.claim(caller, idempotencyKey, operation, request)}`;
    if (await tasks.lookup.hasEvent(taskId, key)) return [taskId];
    try {
      return await work(key);
    } catch (error) {
      // The same request came twice at once, and the other was faster.
      if (error instanceof ContinuoError && (await tasks.lookup.hasEvent(taskId, key))) return [taskId];
      throw error;
    }
  }
}
