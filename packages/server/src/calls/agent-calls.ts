/** Takes calls in: what a caller or an agent asks for becomes a task that begins, is answered, cancelled or retried. */
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Acting, Intake } from '../agents/intake.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable } from '../platform/database.js';
import type { Readiness } from '../platform/readiness.js';
import type { RetryFrom } from '../tasks/attempts.js';
import type { TaskAt, TaskView } from '../tasks/read-tasks.js';
import { Cancellations } from './cancellations.js';
import { ContinuedTasks } from './continued-tasks.js';
import type { IdempotencyKeys } from './idempotency.js';
import { IdempotentCalls } from './idempotent-calls.js';
import { NamedFiles, type NamedFilesParts } from './named-files.js';
import { NewTasks, type NewTasksParts } from './new-tasks.js';
import { RepeatedMessages } from './repeated-messages.js';
import type { SendOptions, Sent } from './send-options.js';

export interface CallsParts extends NewTasksParts, NamedFilesParts {
  readonly readiness: Readiness;
  readonly idempotency: IdempotencyKeys;
}

export class AgentCalls implements Intake {
  readonly #idempotent: IdempotentCalls;
  readonly #cancellations: Cancellations;
  readonly #newTasks: NewTasks;
  readonly #continued: ContinuedTasks;

  constructor(private readonly parts: CallsParts) {
    const repeated = new RepeatedMessages(parts);
    const idempotent = new IdempotentCalls(parts);
    const cancellations = new Cancellations(parts, idempotent);
    this.#idempotent = idempotent;
    this.#cancellations = cancellations;
    const namedFiles = new NamedFiles(parts);
    this.#newTasks = new NewTasks(parts, { idempotent, repeated, cancellations, namedFiles });
    this.#continued = new ContinuedTasks(parts, repeated, idempotent, namedFiles);
  }

  /** Resolves when the message is stored; the agent begins right after. */
  async send(caller: Caller, agent: string, message: Message, options: SendOptions = {}): Promise<Sent> {
    this.parts.readiness.refuseWhenDraining();
    if (message.role !== 'ROLE_USER') throw invalidArgument('message.role', 'ROLE_USER');
    const sent = await this.#sent(caller, agent, message, options);
    tracing()?.note({ 'a2a.task.id': sent.taskId });
    return sent;
  }

  /** Whoever answers need not have the agent: an instance that has it goes on. */
  #sent(caller: Caller, agent: string, message: Message, options: SendOptions): Promise<Sent> {
    if (message.taskId !== undefined) return this.#continued.tell(caller, agent, message, message.taskId, options);
    return this.#newTasks.begin(caller, agent, message, options);
  }

  /** Whether this server, or another instance of it, has the agent, or has had it lately. */
  async knows(agent: string): Promise<boolean> {
    const { registry, engine } = this.parts;
    return registry.has(agent) || (await orUnavailable(() => engine.isKnownAgent(agent)));
  }

  /** Ends the task and all that it called at once, for good, and stops their runs: when it resolves, nothing is left. */
  async cancel(
    caller: Caller,
    taskId: string,
    options: Acting & Pick<SendOptions, 'idempotencyKey'> = {},
  ): Promise<void> {
    await this.#cancellations.cancel(caller, taskId, options);
  }

  /** Ends what a task has left behind that has failed; what can't be ended now is left to `cancelDeserted`. */
  async cancelBelow(taskId: string): Promise<void> {
    await this.#cancellations.cancelBelow(taskId);
  }

  /** Ends what others have left behind below tasks that have failed or were cancelled. */
  async cancelDeserted(): Promise<void> {
    await this.#cancellations.cancelDeserted();
  }

  /**
   * Begins a new attempt of a task that has failed, was cancelled or is held: its finished steps are kept, or it begins
   * from the start, and what it called before ends. Throws UNSUPPORTED_OPERATION for a task in any other state, and
   * QUOTA_EXCEEDED as for a new task.
   */
  async retry(
    caller: Caller,
    taskId: string,
    {
      from,
      by = caller.owner,
      key: eventKey,
      ...options
    }: Acting & Pick<SendOptions, 'idempotencyKey'> & { readonly from: RetryFrom; readonly key?: string },
  ): Promise<void> {
    const { tasks, engine, readiness, quotas } = this.parts;
    readiness.refuseWhenDraining();
    const request = { taskId, from };
    const begun = await this.#idempotent.once(
      caller,
      taskId,
      { operation: 'retry', request, ...options },
      async (key) => {
        const { held } = await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
        if (held === null) await quotas.checkStored(caller);
        const left = from === 'start' && held !== null ? await tasks.activeBelow(taskId) : [];
        const retried = await tasks
          .retry(caller, taskId, { from, key: eventKey ?? key, by })
          .catch(async (error: unknown) => {
            // Others were faster: what it called has begun again for nothing.
            if (error instanceof ContinuoError && error.code === 'QUOTA_EXCEEDED') await this.cancelBelow(taskId);
            throw error;
          });
        await this.#cancellations.abandoned(left);
        return retried;
      },
    );
    crashPoint('task-retried');
    await engine.resume(begun);
  }

  /** The task of a message just sent, when it has ended, waits for a person, or `signal` is aborted. */
  settled(
    caller: Caller,
    { taskId, opened }: Sent,
    { view, signal }: { readonly view: TaskView; readonly signal: AbortSignal },
  ): Promise<TaskAt> {
    if (opened === undefined) return this.parts.tasks.settled(caller, taskId, view, signal);
    return this.parts.tasks.settledOpened(caller, opened, view, signal);
  }
}
