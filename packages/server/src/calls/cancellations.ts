/** Ends tasks for good: those that a caller cancels, all that they called, and what others have left behind. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Engine } from '../runs/engine.js';
import type { Caller } from '../platform/caller.js';
import type { Log } from '../platform/log.js';
import type { ActiveTask } from '../tasks/active-below.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { Acting } from '../agents/intake.js';
import type { IdempotentCalls } from './idempotent-calls.js';
import type { SendOptions } from './send-options.js';

export interface CancellationsParts {
  readonly registry: AgentRegistry;
  readonly tasks: TasksService;
  readonly engine: Engine;
  readonly log: Log;
}

export class Cancellations {
  constructor(
    private readonly parts: CancellationsParts,
    private readonly idempotent: IdempotentCalls,
  ) {}

  /** Ends the task and all that it called at once, for good, and stops their runs: when it resolves, nothing is left. */
  async cancel(
    caller: Caller,
    taskId: string,
    { by = caller.owner, ...options }: Acting & Pick<SendOptions, 'idempotencyKey'>,
  ): Promise<void> {
    const { tasks } = this.parts;
    await this.idempotent.once(caller, taskId, { operation: 'cancel', request: taskId, ...options }, async (key) => {
      await tasks.cancel(caller, taskId, { key, by });
      return [taskId];
    });
    crashPoint('task-canceled');
    await this.#stop([{ id: taskId, ...caller }]);
    await this.#cancelBelow(taskId);
  }

  /** Ends what a task has left behind that has failed; what can't be ended now is left to `cancelDeserted`. */
  async cancelBelow(taskId: string): Promise<void> {
    try {
      await this.#cancelBelow(taskId);
    } catch (error) {
      this.parts.log.warn({ err: messageOf(error), taskId }, 'what a task has called was not cancelled; it will be');
    }
  }

  /** Ends what belongs to an attempt that was given up, with all that it has called. */
  async abandoned(tasks: readonly ActiveTask[]): Promise<void> {
    try {
      await this.parts.tasks.cancelThese(tasks, (ended) => this.#stop(ended));
    } catch (error) {
      const ids = tasks.map(({ id }) => id);
      this.parts.log.warn(
        { err: messageOf(error), taskIds: ids },
        'what an earlier attempt has called was not cancelled',
      );
    }
  }

  /** Ends what others have left behind below tasks that have failed or were cancelled. */
  cancelDeserted(): Promise<void> {
    return this.parts.tasks.cancelDeserted((deserted) => this.#stop(deserted));
  }

  /** Stops the runs of tasks that a later message of their conversation has cancelled, and ends all that they called. */
  async interrupted(caller: Caller, ids: readonly string[]): Promise<void> {
    await this.#stop(ids.map((id) => ({ id, ...caller })));
    for (const id of ids) await this.cancelBelow(id);
  }

  /** What fails of it the next sweep does. */
  async #cancelBelow(taskId: string): Promise<void> {
    const { tasks, engine } = this.parts;
    try {
      await tasks.cancelBelow(taskId, (below) => this.#stop(below));
    } catch (error) {
      engine.leftBehind();
      throw error;
    }
  }

  /** Stops the runs of tasks that were cancelled. */
  async #stop(canceled: readonly (Caller & { readonly id: string })[]): Promise<void> {
    if (canceled.length === 0) return;
    const ids = canceled.map(({ id }) => id);
    await this.parts.engine.cancel(ids, new ContinuoError('TASK_ENDED', 'The task was cancelled.'));
    for (const { id, ...caller } of canceled) void this.#tellAgent(caller, id);
  }

  /** What an agent has begun elsewhere is for it to stop; the task has ended all the same. */
  async #tellAgent(caller: Caller, id: string): Promise<void> {
    const { tasks, registry, log } = this.parts;
    try {
      const { agent, agentVersion } = await tasks.get(caller, id, { historyLength: 0, artifacts: false });
      if (!registry.has(agent)) return;
      await registry
        .get(agent, agentVersion)
        .agent.onCancel({ id, stepResults: (name) => tasks.lookup.stepResults(id, name) });
    } catch (error) {
      log.warn({ err: messageOf(error), taskId: id }, 'an agent could not stop what its cancelled task had begun');
    }
  }
}
