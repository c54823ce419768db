/** `task.call`: a child task of another agent, found again instead of started twice, and waited for. */
import { authorship } from '@continuo/agent/internal/agents/author.js';
import { childResult, endedChild, failedChild } from '@continuo/agent/internal/agents/child-result.js';
import type {
  ChildListener,
  ChildQuestion,
  ChildSignals,
  EndedChild,
} from '@continuo/agent/internal/agents/children.js';
import { toParts } from '@continuo/agent/internal/agents/content.js';
import type { CallResult, ChildCall } from '@continuo/agent/internal/agents/task-context.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { patiently } from '@continuo/agent/internal/platform/patiently.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { RelayedAnswer } from '@continuo/agent/internal/tasks/answers.js';
import type { ClaimedTask } from '@continuo/agent/internal/tasks/claimed-task.js';
import { withWishes } from '@continuo/agent/internal/tasks/task-budget.js';
import { progressOf, stateOf } from '@continuo/agent/internal/tasks/task-event.js';
import { isTerminal, isWaiting, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import type { TaskAt } from '../tasks/read-tasks.js';
import type { TasksService } from '../tasks/tasks-service.js';
import type { Intake } from './intake.js';

export class ChildCalls {
  constructor(
    private readonly calls: Intake,
    private readonly tasks: TasksService,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the child has ended. */
  async ended(
    parent: ClaimedTask,
    signals: ChildSignals,
    key: string,
    call: ChildCall,
    listener: ChildListener,
  ): Promise<Omit<EndedChild, 'call'>> {
    const caller = { tenant: parent.tenant, owner: parent.owner };
    const taskId = await this.#open(parent, signals.run, key, call);
    crashPoint('child-opened');
    const ended = await this.#ended({ parent, caller, taskId, call, listener }, signals).catch(unlessGone);
    return ended ?? { taskId, state: undefined };
  }

  /** Throws ChildFailedError for one that has failed, was rejected or cancelled, and is not to be ignored. */
  async check({ tenant, owner }: ClaimedTask, signal: AbortSignal, ended: EndedChild): Promise<EndedChild> {
    const { call, taskId, state, said } = ended;
    if (state === 'COMPLETED' || call.onFailure === 'ignore') return ended;
    if (said !== undefined) throw failedChild(ended, undefined);
    const read = (): Promise<TaskAt> =>
      this.tasks.get({ tenant, owner }, taskId, { historyLength: 0, artifacts: false });
    const task = state && (await this.#patiently(signal, read).catch(unlessGone));
    throw failedChild(ended, task?.task);
  }

  /**
   * What they said and made, in the same order; together no more than one answer carries, so that the content of large
   * artifacts is where their metadata say. Throws TerminalError when what they said is more than that.
   */
  async results(
    { tenant, owner }: ClaimedTask,
    signal: AbortSignal,
    children: readonly EndedChild[],
  ): Promise<readonly CallResult[]> {
    const ids = children.filter(({ state }) => state !== undefined).map(({ taskId }) => taskId);
    const tasks = await this.#patiently(signal, () => this.tasks.together({ tenant, owner }, ids));
    return children.map((child) => childResult(child, tasks.get(child.taskId)?.task));
  }

  async #open(parent: ClaimedTask, signal: AbortSignal, key: string, call: ChildCall): Promise<string> {
    const { agent, input, sameSession = true, metadata = {}, maxTokens, maxCost } = call;
    const caller = { tenant: parent.tenant, owner: parent.owner };
    const contextId = sameSession ? parent.contextId : derivedId(`context of ${key}`);
    const message: Message = {
      messageId: key,
      contextId,
      role: 'ROLE_USER',
      parts: toParts(input),
      metadata: { agent: parent.agent, ...authorship(parent.message) },
    };
    const options = {
      metadata: withWishes(metadata, { maxTokens, maxCost }),
      parent: { id: parent.id, rootId: parent.rootId ?? parent.id, token: parent.token },
      stateless: parent.sessionId === null,
      inConversation: sameSession,
    };
    const { taskId } = await this.#patiently(signal, () => this.calls.send(caller, agent, message, options));
    return taskId;
  }

  async #ended(
    child: {
      readonly parent: ClaimedTask;
      readonly caller: Caller;
      readonly taskId: string;
      readonly call: ChildCall;
      readonly listener: ChildListener;
    },
    { run, givenUp }: ChildSignals,
  ): Promise<Omit<EndedChild, 'call'>> {
    const { caller, taskId, call, listener } = child;
    const signal = AbortSignal.any([run, givenUp]);
    for (;;) {
      const at = await this.#patiently(run, () =>
        this.tasks.get(caller, taskId, { historyLength: 0, artifacts: false }),
      );
      const { state } = at;
      if (isTerminal(state)) {
        const key =
          state === 'FAILED' ? await this.#patiently(run, () => this.#retryKey(child.parent, taskId, call)) : undefined;
        if (key === undefined) return endedChild(taskId, state, at.task.status.message);
        await this.#patiently(run, () => this.#retry(caller, at, key));
        continue;
      }
      if (givenUp.aborted) {
        await this.#patiently(run, () => this.calls.cancel(caller, taskId, { by: null })).catch(unlessMovedOn);
        return endedChild(taskId, 'CANCELED', undefined);
      }
      listener.progressed(at.fraction, '');
      if (isAsking(state) && at.task.status.message !== undefined) {
        const answer = await listener.asked({ childId: taskId, state, message: at.task.status.message });
        await this.#patiently(run, () => this.#answer(caller, at, call, answer));
        continue;
      }
      await this.#followed(at, listener, signal);
      listener.heard();
      run.throwIfAborted();
    }
  }

  /** Resolves when the child has ended, waits for a person, or is given up. */
  async #followed({ task, lastSeq }: TaskAt, listener: ChildListener, signal: AbortSignal): Promise<void> {
    listener.watched(task.id);
    for await (const { response } of this.tasks.follow(task.id, lastSeq, signal)) {
      listener.watched(task.id);
      const progress = progressOf(response);
      if (progress !== undefined) listener.progressed(progress.fraction, progress.stage);
      const state = stateOf(response);
      if (state !== undefined && (isTerminal(state) || isWaiting(state))) return;
    }
    if (!signal.aborted) throw new Error('The server stops.');
  }

  /** In the name of the user, who answered the parent. */
  async #answer(
    caller: Caller,
    { task }: TaskAt,
    { agent, sameSession = true }: ChildCall,
    { messageId, parts, metadata }: RelayedAnswer,
  ): Promise<void> {
    const message: Message = {
      messageId: derivedId(`${task.id}:answer:${messageId}`),
      contextId: task.contextId,
      taskId: task.id,
      role: 'ROLE_USER',
      parts,
      ...(metadata === undefined ? {} : { metadata }),
    };
    await this.calls.send(caller, agent, message, { inConversation: sameSession, by: null }).catch(unlessMovedOn);
  }

  /** Of the child's next retry, which its event has; undefined when there is none left. Each attempt of the parent has all of them. */
  async #retryKey({ attempt }: ClaimedTask, taskId: string, { onFailure }: ChildCall): Promise<string | undefined> {
    if (typeof onFailure !== 'object') return undefined;
    const prefix = `retry:of-call:${attempt}:`;
    const made = await this.tasks.lookup.eventsNamed(taskId, prefix);
    return made < onFailure.retries ? `${prefix}${made + 1}` : undefined;
  }

  async #retry(caller: Caller, { task }: TaskAt, key: string): Promise<void> {
    await this.calls.retry(caller, task.id, { from: 'failed-step', by: null, key }).catch(unlessMovedOn);
  }

  /** Waits out a database that is away; a server that stops lets the run go on elsewhere. */
  #patiently<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return patiently(work, this.clock, signal);
  }
}

function isAsking(state: TaskState): state is ChildQuestion['state'] {
  return isWaiting(state);
}

/** Somebody else has answered, retried or ended the child in this moment. */
function unlessMovedOn(error: unknown): void {
  const codes = ['UNSUPPORTED_OPERATION', 'TASK_ENDED', 'TASK_NOT_CANCELABLE'];
  if (!(error instanceof ContinuoError) || !codes.includes(error.code)) throw error;
}

/** The child was deleted; for its parent that is no reason to be gone itself. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof ContinuoError) || error.code !== 'TASK_NOT_FOUND') throw error;
}
