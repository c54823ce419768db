/** A message that names no task: the task that it begins, or that it began when it was sent before. */
import type { AgentRegistry, RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { letGo } from '@continuo/agent/internal/agents/let-go.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { derivedId, newId } from '@continuo/agent/internal/platform/ids.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { ClaimedTask } from '@continuo/agent/internal/tasks/claimed-task.js';
import type { ConversationMode } from '@continuo/agent/internal/tasks/conversation-modes.js';
import type { Engine } from '../runs/engine.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import { sessionNotFound } from '../sessions/read-session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { EventLog } from '../tasks/event-log.js';
import type { NewTask, Opened } from '../tasks/open-tasks.js';
import type { Quotas } from '../tasks/quotas.js';
import type { Actor } from '../tasks/task-audit.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { Cancellations } from './cancellations.js';
import type { IdempotentCalls } from './idempotent-calls.js';
import type { NamedFiles } from './named-files.js';
import type { InContext, RepeatedMessages } from './repeated-messages.js';
import type { SendOptions, Sent } from './send-options.js';
import { conversationMode, optsOut } from './session-wishes.js';
import { taskOfCall } from './task-of-call.js';

/** Longer than a statement that was under way when its caller was refused can take from then on. */
const LATE_MS = 12_000;

export interface NewTasksParts {
  readonly registry: AgentRegistry;
  readonly eventLog: EventLog;
  readonly tasks: TasksService;
  readonly engine: Engine;
  readonly sessions: SessionsService | undefined;
  readonly quotas: Quotas;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs a task that was opened as running here. */
  readonly begin: (task: ClaimedTask) => void;
}

export interface NewTasksHelp {
  readonly idempotent: IdempotentCalls;
  readonly repeated: RepeatedMessages;
  readonly cancellations: Cancellations;
  readonly namedFiles: NamedFiles;
}

export class NewTasks {
  constructor(
    private readonly parts: NewTasksParts,
    private readonly help: NewTasksHelp,
  ) {}

  /** Resolves when the task is stored; its agent begins right after, or when its time has come. */
  async begin(caller: Caller, agent: string, message: Message, options: SendOptions): Promise<Sent> {
    const { engine, clock, begin } = this.parts;
    const { idempotent, namedFiles } = this.help;
    // What few calls need is not waited for by the others.
    const registered = this.#ownAgent(agent, options) ?? (await this.#foreignAgent(caller, agent, message));
    const hasKey = options.idempotencyKey !== undefined;
    const claimed = hasKey ? await idempotent.claim(caller, agent, message, options) : undefined;
    const before = hasKey ? await idempotent.made(caller, agent, claimed) : undefined;
    if (before !== undefined) return before;
    const namesFiles = message.parts.some(({ url }) => url !== undefined);
    const files = namesFiles ? await namedFiles.check(caller, agent, message, options) : [];
    const contextId = message.contextId ?? (claimed === undefined ? newId() : derivedId(`context of ${claimed}`));
    const checked = this.#check(caller, message, options);
    const full = checked === undefined ? undefined : await checked.catch(toQuotaExceeded);
    if (full !== undefined) return this.#madeBefore(caller, agent, message, { options, full });
    const limited = engine.isLimited(agent);
    const token = newId();
    const made = taskOfCall(caller, agent, message, options, {
      id: options.taskId ?? claimed ?? newId(),
      contextId,
      now: clock.now(),
      run:
        limited || registered === undefined
          ? null
          : { token, instanceId: engine.instanceId, agentVersion: registered.version },
      statelessReason: this.#statelessReason(message, options),
      budget: registered?.description ?? {},
    });
    const task = { trace: tracing()?.newTask(agent, token), ...made };
    const mode = modeOf(registered, message, options);
    if (task.sessionId !== null && files.length > 0) await namedFiles.keep(caller, files, contextId);
    if (options.attachment !== undefined) await options.attachment.attach(task.id);
    const opened = await this.#openOnce(task, mode, options);
    crashPoint('task-opened');
    if (opened === 'known') return this.#known(task, claimed, options);
    const agentVersion = task.run?.agentVersion ?? null;
    if (opened === 'running') begin(firstRun(task, agentVersion, token));
    // What is to begin later is begun by whoever finds that its time has come.
    if (opened === 'waiting' && limited)
      await engine.enqueue({ id: task.id, agent, priority: task.priority, since: task.at });
    return { taskId: task.id, created: true, opened: { agentVersion, running: opened === 'running', ...task } };
  }

  /** Undefined for an agent that a task calls and that is not here. Throws AGENT_NOT_FOUND for one that a user calls. */
  #ownAgent(agent: string, { parent }: SendOptions): RegisteredAgent | undefined {
    const { registry } = this.parts;
    return parent === undefined || registry.has(agent) ? registry.get(agent) : undefined;
  }

  /** Undefined for an agent that only other instances have: the task waits for them. Throws AGENT_NOT_FOUND. */
  async #foreignAgent(
    caller: Caller,
    agent: string,
    { contextId, messageId }: Message,
  ): Promise<RegisteredAgent | undefined> {
    const { registry, engine, tasks } = this.parts;
    if (await orUnavailable(() => engine.isKnownAgent(agent))) return undefined;
    const before =
      contextId === undefined ? undefined : await tasks.findByMessage(caller, { contextId, messageId, agent });
    return before === undefined ? registry.get(agent) : undefined;
  }

  /**
   * Rejects with SESSION_NOT_FOUND when the session has to exist and doesn't, and when the caller's quota is used up; undefined
   * where nothing is to be asked for.
   */
  #check(caller: Caller, { contextId }: Message, { sessionMustExist, parent }: SendOptions): Promise<void> | undefined {
    const { sessions, quotas } = this.parts;
    // What an accepted task calls belongs to it.
    const inQuota = (): Promise<void> | undefined => (parent === undefined ? quotas.check(caller) : undefined);
    if (sessionMustExist !== true || contextId === undefined || sessions === undefined) return inQuota();
    return sessions.exists(caller, contextId).then((exists) => {
      if (!exists) throw sessionNotFound(contextId);
      return inQuota();
    });
  }

  #statelessReason({ metadata }: Message, options: SendOptions): string | undefined {
    if (this.parts.sessions === undefined) return 'this server keeps no sessions';
    return (options.stateless ?? optsOut(metadata, options.metadata)) ? 'the call opted out' : undefined;
  }

  /** Opens the task; a message that the session has already, as something said to another agent, is not put in again. */
  async #openOnce(
    task: NewTask & { readonly message: InContext },
    mode: ConversationMode,
    { by = task.caller.owner, attachment }: SendOptions,
  ): Promise<Opened> {
    const open = (next: NewTask): Promise<Opened> => orUnavailable(() => this.#open(next, mode, by));
    try {
      return await open(task).catch(async (error: unknown) => {
        if (!(await this.help.repeated.isSaidToAnother(error, task.caller, task.agent, task.message))) throw error;
        return open({ ...task, sessionMessage: null });
      });
    } catch (error) {
      // The statement itself has said that it stored nothing.
      if (isQuotaExceeded(error)) await attachment?.detach(task.id);
      // It may have been stored all the same: then it is in the hands of a run that never begins.
      else if (task.run !== null) void this.#letGo(task.id, task.run.token);
      throw error;
    }
  }

  async #open(task: NewTask, mode: ConversationMode, by: Actor): Promise<Opened> {
    const { eventLog } = this.parts;
    if (mode === 'parallel') return eventLog.open(task);
    const { opened, interrupted } = await eventLog.openInTurn(task, mode, by);
    await this.help.cancellations.interrupted(task.caller, interrupted);
    return opened;
  }

  /** The task that the message made before, which takes up no more room. Throws `full` where there is none. */
  async #madeBefore(
    caller: Caller,
    agent: string,
    message: Message,
    { options, full }: { readonly options: SendOptions; readonly full: ContinuoError },
  ): Promise<Sent> {
    const { contextId, messageId } = message;
    if (contextId === undefined) throw full;
    const before = await this.parts.tasks.findByMessage(caller, { contextId, messageId, agent });
    if (before === undefined) throw full;
    const taskId = await this.help.repeated.taskOf(caller, agent, { ...message, contextId }, options);
    await options.attachment?.attach(taskId);
    return { taskId, created: false };
  }

  /** The task that the message made before, which gets what was meant for the new one. */
  async #known(
    { id, caller, agent, message }: NewTask & { readonly message: InContext },
    claimed: string | undefined,
    options: SendOptions,
  ): Promise<Sent> {
    const { idempotent, repeated } = this.help;
    const made = await idempotent.made(caller, agent, claimed);
    if (made !== undefined) return made;
    await options.attachment?.detach(id);
    const taskId = await repeated.taskOf(caller, agent, message, options);
    await options.attachment?.attach(taskId);
    return { taskId, created: false };
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
}

function isQuotaExceeded(error: unknown): error is ContinuoError {
  return error instanceof ContinuoError && error.code === 'QUOTA_EXCEEDED';
}

/** Throws what says anything else. */
function toQuotaExceeded(error: unknown): ContinuoError {
  if (isQuotaExceeded(error)) return error;
  throw error;
}

/** What a run finds that begins with its task. */
function firstRun(task: NewTask, agentVersion: string | null, token: string): ClaimedTask {
  return {
    id: task.id,
    token,
    tenant: task.caller.tenant,
    owner: task.caller.owner,
    agent: task.agent,
    agentVersion,
    contextId: task.contextId,
    sessionId: task.sessionId,
    parentId: task.parentId,
    rootId: task.rootId,
    message: task.message,
    metadata: task.metadata,
    answers: [],
    attempt: 1,
    origin: 1,
    runCount: 1,
    progress: null,
    stage: null,
    held: null,
    isNew: true,
    ...(task.trace === undefined ? {} : { trace: task.trace }),
  };
}

/** A child, and a task that another instance runs, wait for nobody. */
function modeOf(
  registered: RegisteredAgent | undefined,
  { metadata }: Message,
  options: SendOptions,
): ConversationMode {
  if (options.parent !== undefined || registered === undefined) return 'parallel';
  return conversationMode(registered.description, options.metadata, metadata);
}
