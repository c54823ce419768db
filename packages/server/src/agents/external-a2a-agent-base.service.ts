/** An agent that stands for a remote A2A agent: passes messages on, and shows the remote task as its own. */
import type { AgentCard } from '@a2a-js/sdk';
import { Inject, Optional } from '@nestjs/common';
import {
  A2AAgentBaseService,
  type AgentAnswer,
  type CanceledTask,
} from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import type { InputAnswer, TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { TaskRejectedError } from '@continuo/agent/internal/agents/task-rejected.js';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { derivedId, newId } from '@continuo/agent/internal/platform/ids.js';
import { CLOCK } from '@continuo/agent/internal/platform/tokens.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { endsTheRun } from '@continuo/agent/internal/runs/run.js';
import { OWN_STATE } from '@continuo/agent/internal/sessions/state-names.js';
import { howItEnded } from '@continuo/agent/internal/tasks/task-state.js';
import { Egress } from '../platform/egress/egress.js';
import { CardTrust } from './external/card-trust.js';
import { Mirror, type Settled } from './external/mirror.js';
import { RemoteAgent, type Receipt, type Sending } from './external/remote-agent.js';
import { withContent } from './external/sent-files.js';
import { questionOf } from './external/question.js';
import { tracedRemote } from './external/traced-remote.js';

const BEGIN = 'begin';
const SEND = 'send';
/** The remote agent is waited for inside the step. */
const ONCE = { maxAttempts: 1 } as const;
const TEN_MINUTES_MS = 600_000;

/**
 * An agent that stands for one of another server, which speaks A2A 1.0 or 0.3: its tasks are tasks here, with
 * questions, artifacts and cancelling, and live through a crash of either side.
 *
 * @example
 * @A2AAgent({ type: 'remote', name: 'weather', version: '1.0.0', description: 'Knows the weather.' })
 * export class WeatherAgent extends ExternalA2AAgentBaseService {
 *   protected readonly cardUrl = 'https://weather.example.com/.well-known/agent-card.json';
 * }
 */
export abstract class ExternalA2AAgentBaseService extends A2AAgentBaseService {
  /** @internal */
  @Optional()
  @Inject(CLOCK)
  protected readonly clock: Clock = systemClock;

  @Inject(Egress)
  private readonly egress = new Egress({ allow: [], local: false });

  @Inject(CardTrust)
  private readonly trust = new CardTrust({ policy: 'off', egress: this.egress });

  /** Where the remote agent's card is: the whole URL. */
  protected abstract readonly cardUrl: string;

  /** Sent with every request, the one for the card included: `{ authorization: 'Bearer …' }`. */
  protected readonly headers: Readonly<Record<string, string>> = {};

  /** Milliseconds that the remote agent may be away before the task fails. */
  protected readonly patienceMs: number = TEN_MINUTES_MS;

  #remote: RemoteAgent | undefined;

  /**
   * The remote task's id is kept as soon as it is known: after a restart the task is followed, not sent again. Messages
   * of one session go to one context of the remote agent.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const contextKey = `${OWN_STATE}a2a:remote-context:${task.agent}`;
    const known = await task.session.state.get(contextKey);
    const contextId = typeof known === 'string' ? known : undefined;
    // A step of its own: kept before the first message can arrive, and another one when the task is retried from its start.
    const attempt = await task.step(BEGIN, () => newId());
    const idOf = (turn: number): string => messageIdOf(attempt, turn);
    let receipt = await this.#send(task, { parts: task.parts, contextId, messageId: idOf(1) }, undefined);
    if (receipt.contextId !== '' && receipt.contextId !== contextId) {
      await this.#remember(task, contextKey, receipt.contextId);
    }
    let before: Settled | undefined;
    for (let turn = 2; ; turn += 1) {
      if (receipt.kind === 'answer') return answerOf(receipt.parts);
      const { taskId } = receipt;
      const settled = receipt.settled ?? (await this.#follow(task, taskId, before));
      const answer = await this.#answer(task, settled);
      if (answer === undefined) return answerOf(settled.said);
      before = settled;
      // What nobody answered in time, nobody answers the remote agent either: it goes on by itself.
      const at = { taskId, contextId: receipt.contextId };
      receipt = answer.timedOut
        ? { kind: 'task', ...at }
        : await this.#send(task, { parts: answer.parts, ...at, messageId: idOf(turn) }, settled);
    }
  }

  /** Without room for it in the session, its next message begins another context there: the answer is there all the same. */
  async #remember(task: TaskContext, key: string, contextId: string): Promise<void> {
    try {
      await task.session.state.set(key, contextId);
    } catch (error) {
      task.signal.throwIfAborted();
      if (endsTheRun(error)) throw error;
      this.logger?.warn({ err: messageOf(error), taskId: task.id }, "a remote agent's context was not kept");
    }
  }

  /** What the remote agent's card says now. */
  remoteCard(): Promise<AgentCard> {
    return this.#agent().card();
  }

  /** Undefined when the remote task is done. Throws TerminalError when it came to another end. */
  async #answer(task: TaskContext, settled: Settled): Promise<InputAnswer | undefined> {
    const { state, said } = settled;
    if (state === 'COMPLETED') return undefined;
    if (state === 'INPUT_REQUIRED' || state === 'AUTH_REQUIRED') {
      const { question, options } = questionOf(settled, this.clock.now());
      return state === 'AUTH_REQUIRED' ? task.requestAuth(question, options) : task.requestInput(question, options);
    }
    const reason = textOf(said) || 'it gave no reason';
    if (state === 'REJECTED') throw new TaskRejectedError(`The remote agent rejected the task: ${reason}`);
    throw new TerminalError(`The remote agent ${howItEnded(state)}: ${reason}`);
  }

  /** What came finished in the answer is shown with it, in the same step: it is the result. */
  #send(task: TaskContext, sending: Sending, before: Settled | undefined): Promise<Receipt> {
    return task.step(
      SEND,
      async () => {
        const parts = await withContent(sending.parts, task);
        const { acceptedOutputModes } = task;
        const mirror = new Mirror(task, before?.shown ?? {});
        const whole = { ...sending, parts, acceptedOutputModes };
        const { cardUrl } = this;
        const { signal } = task;
        const receipt = await tracedRemote({ method: 'SendMessage', cardUrl, taskId: sending.taskId, signal }, () =>
          this.#agent().send(whole, mirror, before?.time, signal),
        );
        if (receipt.kind === 'task') this.#cancelWith(task, receipt.taskId);
        return receipt;
      },
      { ...ONCE, input: sending.parts, shownAs: 'remote' },
    );
  }

  /** A cancel may come before the receipt is kept, when `onCancel` doesn't know of the remote task yet. */
  #cancelWith({ id, signal }: TaskContext, remoteTask: string): void {
    const cancel = (): void => {
      if (!endedBy(signal)) return;
      this.#agent()
        .cancel(remoteTask)
        .catch((error: unknown) => {
          this.logger?.warn({ err: messageOf(error), taskId: id }, 'the remote task of a cancelled task goes on');
        });
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  }

  #follow(task: TaskContext, taskId: string, before: Settled | undefined): Promise<Settled> {
    return task.step(
      'follow',
      ({ signal }) =>
        tracedRemote({ method: 'SubscribeToTask', cardUrl: this.cardUrl, taskId, signal }, () =>
          this.#agent().follow(taskId, new Mirror(task, before?.shown ?? {}), before?.time, signal),
        ),
      { ...ONCE, input: { taskId }, shownAs: 'remote' },
    );
  }

  /** On shutdown the remote task goes on. */
  override async onCancel(task: CanceledTask): Promise<void> {
    const receipts = await task.stepResults(SEND);
    const last = receipts.at(-1) as Receipt | undefined;
    if (last?.kind === 'task') await this.#agent().cancel(last.taskId);
    if (last !== undefined) return;
    // A process that died after it had sent the message took the receipt with it.
    const [attempt] = await task.stepResults(BEGIN);
    if (typeof attempt === 'string') await this.#agent().cancelSent(messageIdOf(attempt, 1));
  }

  #agent(): RemoteAgent {
    const { cardUrl, headers, patienceMs, clock, egress, trust } = this;
    this.#remote ??= new RemoteAgent({ cardUrl, headers, patienceMs, clock, egress, trust });
    return this.#remote;
  }
}

/** `attempt`: of the task, which says so in a step. */
function messageIdOf(attempt: string, turn: number): string {
  return derivedId(`${attempt}:message ${turn}`);
}

/** Whether the task has ended; on shutdown it has not. */
function endedBy({ reason }: AbortSignal): boolean {
  return reason instanceof ContinuoError && reason.code === 'TASK_ENDED';
}

/** Nothing when the remote agent said nothing: then its artifacts are the answer. */
function answerOf(parts: readonly Part[]): AgentAnswer {
  return parts.length > 0 ? parts : undefined;
}
