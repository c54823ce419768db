/** How calls become tasks: opens them, continues them, cancels them, and sees to it that they run. */
import type { Engine } from '../engine/engine.js';
import type { Caller } from '../platform/caller.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { orUnavailable } from '../platform/database.js';
import { ContinuoError, invalidArgument } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { Readiness } from '../platform/readiness.js';
import { sessionKey, toMessageRow } from '../sessions/append-messages.js';
import { textOf, type Message } from '../sessions/message.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { ClaimedTask } from '../tasks/claim-tasks.js';
import type { EventLog } from '../tasks/event-log.js';
import type { OpenedTask } from '../tasks/opened-task.js';
import type { TaskAt, TaskView } from '../tasks/read-tasks.js';
import { SESSIONS_EXTENSION } from '../tasks/task.js';
import { isTerminal, isWaiting } from '../tasks/task-state.js';
import { taskNotFound, type TasksService } from '../tasks/tasks-service.js';
import type { AgentRegistry } from './agent-registry.js';

const TITLE_CHARACTERS = 120;
/** What a run finds that begins with its task. */
const FIRST_RUN = { answers: [], runCount: 1, bodyEvents: 0, progress: null } as const;

export interface SendOptions {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Refuses a contextId that names no session yet. */
  readonly sessionMustExist?: boolean;
  /** For a child task: its parent and the root of the tree. */
  readonly parent?: { readonly id: string; readonly rootId: string };
  readonly stateless?: boolean;
  /** The id of a new task; default a new one. */
  readonly taskId?: string;
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
  readonly log: EventLog;
  readonly tasks: TasksService;
  readonly engine: Engine;
  readonly sessions: SessionsService | undefined;
  readonly readiness: Readiness;
  readonly clock: Clock;
  /** Runs a task that was opened as running here. */
  readonly begin: (task: ClaimedTask) => void;
}

export class AgentCalls {
  constructor(private readonly parts: CallsParts) {}

  /** Resolves when the message is stored; the agent begins right after. */
  async send(caller: Caller, agent: string, message: Message, options: SendOptions = {}): Promise<Sent> {
    this.parts.registry.get(agent);
    this.parts.readiness.refuseWhenDraining();
    if (message.role !== 'ROLE_USER') throw invalidArgument('message.role', 'ROLE_USER');
    if (message.taskId !== undefined) return this.#continue(caller, agent, message, message.taskId);
    const contextId = message.contextId ?? newId();
    const stateless =
      this.parts.sessions === undefined || (options.stateless ?? optsOut(message.metadata, options.metadata));
    if (options.sessionMustExist === true && message.contextId !== undefined && this.parts.sessions !== undefined) {
      if (!(await this.parts.sessions.exists(caller, contextId))) {
        throw new ContinuoError('SESSION_NOT_FOUND', `Session ${contextId} was not found.`);
      }
    }
    const id = options.taskId ?? newId();
    const at = this.parts.clock.now().toISOString();
    const own = { ...message, contextId, taskId: id };
    const run = { token: newId(), instanceId: this.parts.engine.instanceId };
    const task = {
      id,
      caller,
      agent,
      contextId,
      sessionId: stateless ? null : sessionKey(caller, contextId),
      message: own,
      title: titleOf(message),
      parentId: options.parent?.id ?? null,
      rootId: options.parent?.rootId ?? null,
      metadata: { ...options.metadata, ...(stateless ? { [SESSIONS_EXTENSION]: this.#statelessness() } : {}) },
      at,
      run,
      sessionMessage: stateless ? null : toMessageRow(own, id, agent, at),
    };
    const opened = await orUnavailable(() => this.parts.log.open(task));
    crashPoint('task-opened');
    if (opened === 'known') {
      return { taskId: await this.#sentBefore(caller, agent, contextId, message.messageId), created: false };
    }
    if (opened === 'running') this.parts.begin({ ...task, ...caller, ...FIRST_RUN, token: run.token });
    return { taskId: id, created: true, opened: { ...task, running: opened === 'running' } };
  }

  /** Ends the task and its children at once, for good, and stops their runs. */
  async cancel(caller: Caller, taskId: string): Promise<void> {
    const ended = await this.parts.tasks.cancel(caller, taskId);
    crashPoint('task-canceled');
    await this.parts.engine.cancel(ended, new ContinuoError('TASK_ENDED', `Task ${taskId} was cancelled.`));
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

  async #continue(caller: Caller, agent: string, message: Message, taskId: string): Promise<Sent> {
    const found = await this.parts.tasks.get(caller, taskId, { artifacts: false });
    if (found.agent !== agent) throw taskNotFound(taskId);
    const { contextId } = found.task;
    if (message.contextId !== undefined && message.contextId !== contextId) {
      throw invalidArgument('message.contextId', `the context of task ${taskId}, or none`);
    }
    if (found.task.history?.some((earlier) => earlier.messageId === message.messageId) === true) {
      return { taskId, created: false };
    }
    refuseUnlessWaiting(found);
    await this.parts.tasks.answer(found, { ...message, contextId, taskId });
    crashPoint('answer-stored');
    await this.parts.engine.resume(taskId);
    crashPoint('task-resumed');
    return { taskId, created: false };
  }

  async #sentBefore(caller: Caller, agent: string, contextId: string, messageId: string): Promise<string> {
    const earlier = await this.parts.tasks.findByMessage(caller, contextId, messageId);
    if (earlier === undefined || earlier.agent !== agent) {
      throw invalidArgument('message.messageId', 'an id that no message to another agent in this context has');
    }
    return earlier.id;
  }

  #statelessness(): Readonly<Record<string, unknown>> {
    const reason = this.parts.sessions === undefined ? 'this server keeps no sessions' : 'the call opted out';
    return { stateless: true, reason };
  }
}

function refuseUnlessWaiting({ task, state }: TaskAt): void {
  if (isWaiting(state)) return;
  const why = isTerminal(state)
    ? 'has ended; send a message without taskId to begin a new task in the same context'
    : 'is working and takes no messages; wait until it asks for input or ends';
  throw new ContinuoError('UNSUPPORTED_OPERATION', `Task ${task.id} ${why}.`);
}

/** A call opts out of its session with `metadata["urn:continuo:a2a:sessions:v1"] = { stateless: true }`. */
function optsOut(...metadata: readonly (Readonly<Record<string, unknown>> | undefined)[]): boolean {
  return metadata.some((values) => {
    const wish = values?.[SESSIONS_EXTENSION];
    return typeof wish === 'object' && wish !== null && 'stateless' in wish && wish.stateless === true;
  });
}

function titleOf(message: Message): string {
  const text = textOf(message.parts).replaceAll('\0', ' ').trim();
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > TITLE_CHARACTERS ? `${line.slice(0, TITLE_CHARACTERS - 1)}…` : line;
}
