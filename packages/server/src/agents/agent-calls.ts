/** How calls become tasks: opens them, continues them, cancels them, and sees to it that they run. */
import type { Engine } from '../engine/engine.js';
import type { Caller } from '../platform/caller.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { orUnavailable } from '../platform/database.js';
import { ContinuoError, invalidArgument, messageOf } from '../platform/errors.js';
import type { IdempotencyKeys } from '../platform/idempotency.js';
import { derivedId, newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import type { Readiness } from '../platform/readiness.js';
import { sessionKey, toMessageRow } from '../sessions/append-messages.js';
import type { Message } from '../sessions/message.js';
import { sessionNotFound } from '../sessions/read-session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import type { EventLog } from '../tasks/event-log.js';
import type { OpenedTask } from '../tasks/opened-task.js';
import type { TaskAt, TaskView } from '../tasks/read-tasks.js';
import type { RetryFrom } from '../tasks/attempts.js';
import { SESSIONS_EXTENSION } from '../tasks/task.js';
import type { Quotas } from '../tasks/quotas.js';
import { isTerminal, isWaiting } from '../tasks/task-state.js';
import type { NewTask, Opened } from '../tasks/open-tasks.js';
import type { ConversationMode } from '../tasks/take-turn.js';
import { taskNotFound, type TasksService } from '../tasks/tasks-service.js';
import { queueOf } from './agent-limits.js';
import type { AgentRegistry, RegisteredAgent } from './agent-registry.js';
import { conversationMode, optsOut } from './session-wishes.js';
import { checkAnswer } from './input-request.js';
import { letGo } from './let-go.js';
import { titleOf } from './task-title.js';
import { RepeatedMessages } from './repeated-messages.js';
import { timingMetadata, timingOf, type TaskTiming } from './task-timing.js';

/** Longer than a statement that was under way when its caller was refused can take from then on. */
const LATE_MS = 12_000;
/** What a run finds that begins with its task. */
const FIRST_RUN = { answers: [], attempt: 1, origin: 1, runCount: 1, bodyEvents: 0, progress: null } as const;

/** The timing of a new task: before what the metadata say of it. */
export interface SendOptions extends TaskTiming {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Refuses a contextId that names no session yet. */
  readonly sessionMustExist?: boolean;
  /** For a child task: its parent and the root of the tree. */
  readonly parent?: { readonly id: string; readonly rootId: string; readonly token: string };
  readonly stateless?: boolean;
  /** The session has the message already: an agent passes on what its user said. */
  readonly inConversation?: boolean;
  /** The message's id says what it is for, and is found again by that, also when newer code puts it otherwise. */
  readonly namedMessage?: boolean;
  /** The id of a new task; default a new one. */
  readonly taskId?: string;
  /** The same key of the same caller sends once, however often it is asked for. */
  readonly idempotencyKey?: string | undefined;
  /** What has to be there before the task's first event. */
  readonly attachment?: TaskAttachment | undefined;
}

/** Something that belongs to a task and is stored before it, so that it misses none of its events. */
export interface TaskAttachment {
  attach(taskId: string): Promise<void>;
  /** The task is another one: the message had been sent before. */
  detach(taskId: string): Promise<void>;
}

export interface Sent {
  readonly taskId: string;
  /** False when the message continued a task, or had been sent before. */
  readonly created: boolean;
  /** The new task. */
  readonly opened?: OpenedTask;
}

export interface CallsParts {
  readonly registry: AgentRegistry;
  readonly eventLog: EventLog;
  readonly tasks: TasksService;
  readonly engine: Engine;
  readonly sessions: SessionsService | undefined;
  readonly readiness: Readiness;
  readonly idempotency: IdempotencyKeys;
  readonly quotas: Quotas;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs a task that was opened as running here. */
  readonly begin: (task: ClaimedTask) => void;
}

export class AgentCalls {
  readonly #repeated: RepeatedMessages;

  constructor(private readonly parts: CallsParts) {
    this.#repeated = new RepeatedMessages(parts);
  }

  /** Resolves when the message is stored; the agent begins right after. */
  async send(caller: Caller, agent: string, message: Message, options: SendOptions = {}): Promise<Sent> {
    this.parts.readiness.refuseWhenDraining();
    if (message.role !== 'ROLE_USER') throw invalidArgument('message.role', 'ROLE_USER');
    // Whoever answers need not have the agent: an instance that has it goes on.
    if (message.taskId !== undefined) return this.#continue(caller, agent, message, message.taskId, options);
    const registered = await this.#agent(caller, agent, message, options);
    const queue = registered === undefined ? undefined : queueOf(registered)?.name;
    const claimed = await this.#claim(caller, agent, message, options);
    const before = claimed === undefined ? undefined : await this.#made(caller, agent, claimed);
    if (before !== undefined) return before;
    const contextId = message.contextId ?? (claimed === undefined ? newId() : derivedId(`context of ${claimed}`));
    const stateless =
      this.parts.sessions === undefined || (options.stateless ?? optsOut(message.metadata, options.metadata));
    if (options.sessionMustExist === true && message.contextId !== undefined && this.parts.sessions !== undefined) {
      if (!(await this.parts.sessions.exists(caller, contextId))) throw sessionNotFound(contextId);
    }
    const child = options.parent !== undefined;
    // What an accepted task calls belongs to it.
    if (!child) await this.parts.quotas.check(caller);
    const timing = timingOf(options, message.metadata, options.metadata);
    const id = options.taskId ?? claimed ?? newId();
    const now = this.parts.clock.now();
    const at = now.toISOString();
    const own = { ...message, contextId, taskId: id };
    const token = newId();
    const elsewhere = registered === undefined;
    const task = {
      id,
      caller,
      agent,
      contextId,
      sessionId: stateless ? null : sessionKey(caller, contextId),
      message: own,
      title: titleOf(message.parts),
      parentId: options.parent?.id ?? null,
      rootId: options.parent?.rootId ?? null,
      ...(options.parent === undefined ? {} : { parentToken: options.parent.token }),
      metadata: {
        ...options.metadata,
        ...timingMetadata(timing, options.metadata),
        ...(stateless ? { [SESSIONS_EXTENSION]: this.#statelessness() } : {}),
      },
      at,
      ...timing,
      run: queue !== undefined || elsewhere ? null : { token, instanceId: this.parts.engine.instanceId },
      sessionMessage: stateless || options.inConversation === true ? null : toMessageRow(own, id, agent, at),
    };
    await options.attachment?.attach(id);
    const mode =
      child || elsewhere ? 'parallel' : conversationMode(registered.description, options.metadata, message.metadata);
    const open = (next: NewTask): Promise<Opened> => orUnavailable(() => this.#open(caller, next, mode));
    const opened = await open(task)
      .catch(async (error: unknown) => {
        if (!(await this.#repeated.isSaidToAnother(error, caller, agent, own))) throw error;
        return open({ ...task, sessionMessage: null });
      })
      .catch((error: unknown) => {
        // It may have been stored all the same: then it is in the hands of a run that never begins.
        if (task.run !== null) void this.#letGo(task.id, token);
        throw error;
      });
    crashPoint('task-opened');
    if (opened === 'known') {
      const made = claimed === undefined ? undefined : await this.#made(caller, agent, claimed);
      if (made !== undefined) return made;
      await options.attachment?.detach(id);
      const taskId = await this.#repeated.taskOf(caller, agent, own, options);
      await options.attachment?.attach(taskId);
      return { taskId, created: false };
    }
    if (opened === 'running') this.parts.begin({ ...task, ...caller, ...FIRST_RUN, token });
    // What is to begin later is begun by whoever finds that its time has come.
    if (opened === 'waiting' && queue !== undefined) await this.parts.engine.enqueue({ id, queue, ...timing });
    return { taskId: id, created: true, opened: { ...task, running: opened === 'running' } };
  }

  /**
   * Undefined for an agent that a task calls and that only other instances have: the task waits for them. Throws
   * AGENT_NOT_FOUND.
   */
  async #agent(
    caller: Caller,
    agent: string,
    { contextId, messageId }: Message,
    { parent }: SendOptions,
  ): Promise<RegisteredAgent | undefined> {
    const { registry, engine, tasks } = this.parts;
    if (parent === undefined || registry.has(agent)) return registry.get(agent);
    if (await orUnavailable(() => engine.isKnownAgent(agent))) return undefined;
    const before =
      contextId === undefined ? undefined : await tasks.findByMessage(caller, { contextId, messageId, agent });
    return before === undefined ? registry.get(agent) : undefined;
  }

  async #letGo(id: string, token: string): Promise<void> {
    try {
      await letGo({ id, token }, this.parts);
      await this.parts.clock.sleep(LATE_MS);
      await letGo({ id, token }, this.parts);
    } catch (error) {
      this.parts.log.warn({ err: error, taskId: id }, 'whether a task was stored that was refused is not known');
    }
  }

  /** Ends the task and all that it called at once, for good, and stops their runs: when it resolves, nothing is left. */
  async cancel(caller: Caller, taskId: string, options: Pick<SendOptions, 'idempotencyKey'> = {}): Promise<void> {
    const { tasks } = this.parts;
    await this.#once(caller, taskId, { operation: 'cancel', request: taskId, ...options }, async (key) => {
      await tasks.cancel(caller, taskId, key);
      return [taskId];
    });
    crashPoint('task-canceled');
    await this.#stop([{ id: taskId, ...caller }]);
    await tasks.cancelBelow(taskId, (below) => this.#stop(below));
  }

  /** Ends what a task has left behind that has failed; what can't be ended now is left to `cancelDeserted`. */
  async cancelBelow(taskId: string): Promise<void> {
    try {
      await this.parts.tasks.cancelBelow(taskId, (below) => this.#stop(below));
    } catch (error) {
      this.parts.log.warn({ err: messageOf(error), taskId }, 'what a task has called was not cancelled; it will be');
    }
  }

  /** Ends what others have left behind below tasks that have failed or were cancelled. */
  cancelDeserted(): Promise<void> {
    return this.parts.tasks.cancelDeserted((deserted) => this.#stop(deserted));
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
    const { tasks, registry, engine, log } = this.parts;
    try {
      const { agent } = await tasks.get(caller, id, { historyLength: 0, artifacts: false });
      if (!registry.has(agent)) return;
      await registry.get(agent).agent.onCancel({ id, stepResults: (name) => engine.stepResults(id, name) });
    } catch (error) {
      log.warn({ err: messageOf(error), taskId: id }, 'an agent could not stop what its cancelled task had begun');
    }
  }

  /**
   * Begins a new attempt of a task that has failed or was cancelled: its finished steps are kept, or it begins from the
   * start. Throws UNSUPPORTED_OPERATION for a task in any other state.
   */
  async retry(
    caller: Caller,
    taskId: string,
    { from, ...options }: Pick<SendOptions, 'idempotencyKey'> & { readonly from: RetryFrom },
  ): Promise<void> {
    const { tasks, engine, readiness } = this.parts;
    readiness.refuseWhenDraining();
    const request = { taskId, from };
    const begun = await this.#once(caller, taskId, { operation: 'retry', request, ...options }, (key) =>
      tasks.retry(caller, taskId, from, key),
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

  /** Does `work`, under a key that its event gets; with an idempotency key only when it was not done before. */
  async #once(
    caller: Caller,
    taskId: string,
    {
      operation,
      request,
      idempotencyKey,
    }: { operation: string; request: unknown; idempotencyKey?: string | undefined },
    work: (key: string) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    if (idempotencyKey === undefined) return work(`${operation}:${newId()}`);
    const { tasks, idempotency } = this.parts;
    await tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
    const key = `${operation}:${await idempotency.claim(caller, idempotencyKey, operation, request)}`;
    if (await tasks.hasEvent(taskId, key)) return [taskId];
    try {
      return await work(key);
    } catch (error) {
      // The same request came twice at once, and the other was faster.
      if (error instanceof ContinuoError && (await tasks.hasEvent(taskId, key))) return [taskId];
      throw error;
    }
  }

  /** The id of what a message makes that is sent under an idempotency key; undefined without one. */
  async #claim(
    caller: Caller,
    agent: string,
    message: Message,
    { idempotencyKey, metadata, startAt, priority }: SendOptions,
  ): Promise<string | undefined> {
    const request = { message, metadata, startAt, priority };
    return this.parts.idempotency.claim(caller, idempotencyKey, `send to ${agent}`, request);
  }

  /** The task with this id, if it was made before. */
  async #made(caller: Caller, agent: string, taskId: string): Promise<Sent | undefined> {
    try {
      const found = await this.parts.tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
      return found.agent === agent ? { taskId, created: false } : undefined;
    } catch (error) {
      if (error instanceof ContinuoError && error.code === 'TASK_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #continue(
    caller: Caller,
    agent: string,
    message: Message,
    taskId: string,
    options: SendOptions,
  ): Promise<Sent> {
    const found = await this.parts.tasks.get(caller, taskId, { historyLength: 0, artifacts: false });
    if (found.agent !== agent) throw taskNotFound(taskId);
    const { contextId } = found.task;
    if (message.contextId !== undefined && message.contextId !== contextId) {
      throw invalidArgument('message.contextId', `the context of task ${taskId}, or none`);
    }
    if (await this.#repeated.isRepeated(taskId, message)) {
      await this.#claim(caller, agent, message, options);
      return { taskId, created: false };
    }
    refuseWhenEnded(found);
    const waits = isWaiting(found.state);
    if (waits) checkAnswer(found.task.status.message, message);
    await this.#claim(caller, agent, message, options);
    const own = { ...message, contextId, taskId };
    const { tasks } = this.parts;
    await options.attachment?.attach(taskId);
    const tell = (inConversation?: boolean): Promise<void> =>
      waits ? tasks.answer(found, own, inConversation) : tasks.deliver(found, own, inConversation);
    try {
      await tell(options.inConversation).catch(async (error: unknown) => {
        if (!(await this.#repeated.isSaidToAnother(error, caller, agent, own))) throw error;
        await tell(true);
      });
    } catch (error) {
      if (!(error instanceof ContinuoError)) throw error;
      // The same message came twice at once, and the other was faster.
      if (await this.#repeated.isRepeated(taskId, message)) return { taskId, created: false };
      refuseWhenEnded(await tasks.get(caller, taskId, { historyLength: 0, artifacts: false }));
      throw error;
    }
    if (!waits) return { taskId, created: false };
    crashPoint('answer-stored');
    await this.parts.engine.resume([taskId]);
    crashPoint('task-resumed');
    return { taskId, created: false };
  }

  async #open(caller: Caller, task: NewTask, mode: ConversationMode): Promise<Opened> {
    if (mode === 'parallel') return this.parts.eventLog.open(task);
    const { opened, interrupted } = await this.parts.eventLog.openInTurn(task, mode);
    await this.#stop(interrupted.map((id) => ({ id, ...caller })));
    for (const id of interrupted) await this.cancelBelow(id);
    return opened;
  }

  #statelessness(): Readonly<Record<string, unknown>> {
    const reason = this.parts.sessions === undefined ? 'this server keeps no sessions' : 'the call opted out';
    return { stateless: true, reason };
  }
}

function refuseWhenEnded({ task, state }: TaskAt): void {
  if (!isTerminal(state)) return;
  throw new ContinuoError(
    'UNSUPPORTED_OPERATION',
    `Task ${task.id} has ended; send a message without taskId to begin a new task in the same context.`,
  );
}
