/** An agent that stands for a remote A2A agent: passes messages on, and shows the remote task as its own. */
import { Inject, Optional } from '@nestjs/common';
import { systemClock, type Clock } from '../platform/clock.js';
import { ContinuoError, TerminalError } from '../platform/errors.js';
import { derivedId } from '../platform/ids.js';
import { CLOCK } from '../platform/tokens.js';
import { textOf, type Part } from '../sessions/message.js';
import { A2AAgentBaseService, type AgentAnswer, type CanceledTask } from './a2a-agent-base.service.js';
import { Mirror, type Settled } from './external/mirror.js';
import { RemoteAgent, type Receipt } from './external/remote-agent.js';
import type { StepOptions, TaskContext } from './task-context.js';

const SEND = 'send';
const SEND_TIMEOUT_MS = 60_000;
/** Lets the remote agent be away for about ten minutes. */
const RETRIES: StepOptions = { maxAttempts: 11, retryDelayMs: 500, backoff: 2 };

export abstract class ExternalA2AAgentBaseService extends A2AAgentBaseService {
  @Optional()
  @Inject(CLOCK)
  protected readonly clock: Clock = systemClock;

  /** Where the remote agent's card is: the whole URL. */
  protected abstract readonly cardUrl: string;

  /** Sent with every request, the one for the card included: `{ authorization: 'Bearer …' }`. */
  protected readonly headers: Readonly<Record<string, string>> = {};

  #remote: RemoteAgent | undefined;

  /**
   * The remote task's id is kept as soon as it is known: after a restart the task is followed, not sent again. Messages
   * of one session go to one context of the remote agent.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const contextKey = `a2a context of ${task.agent}`;
    const known = await task.session.state.get(contextKey);
    const contextId = typeof known === 'string' ? known : undefined;
    let receipt = await this.#send(task, { parts: task.parts, contextId, turn: 1 });
    if (receipt.contextId !== '' && receipt.contextId !== contextId) {
      await task.session.state.set(contextKey, receipt.contextId);
    }
    for (let turn = 2; ; turn += 1) {
      if (receipt.kind === 'answer') return answerOf(receipt.parts);
      const { taskId } = receipt;
      const { state, said, made } = await this.#follow(task, taskId);
      if (state === 'COMPLETED') return answerOf(said.length > 0 ? said : made);
      if (state !== 'INPUT_REQUIRED') throw new TerminalError(reasonOf(state, said));
      const answer = await task.requestInput(said.length > 0 ? said : 'The remote agent asks for more input.');
      receipt = await this.#send(task, { parts: answer.parts, contextId: receipt.contextId, taskId, turn });
    }
  }

  #send(
    task: TaskContext,
    message: {
      readonly parts: readonly Part[];
      readonly contextId: string | undefined;
      readonly taskId?: string;
      readonly turn: number;
    },
  ): Promise<Receipt> {
    const { turn, ...sending } = message;
    const messageId = derivedId(`${task.id}:remote message:${turn}`);
    return task.step(
      SEND,
      async () => {
        // Not aborted with the task: whoever doesn't wait for the remote task's id can't cancel it.
        const receipt = await this.#agent().send({ ...sending, messageId }, AbortSignal.timeout(SEND_TIMEOUT_MS));
        if (endedBy(task.signal) && receipt.kind === 'task') await this.#agent().cancel(receipt.taskId);
        return receipt;
      },
      RETRIES,
    );
  }

  #follow(task: TaskContext, taskId: string): Promise<Settled> {
    return task.step('follow', ({ signal }) => this.#agent().follow(taskId, new Mirror(task), signal), RETRIES);
  }

  /** On shutdown the remote task goes on. */
  override async onCancel(task: CanceledTask): Promise<void> {
    const receipts = await task.stepResults(SEND);
    const last = receipts.at(-1) as Receipt | undefined;
    if (last?.kind === 'task') await this.#agent().cancel(last.taskId);
  }

  #agent(): RemoteAgent {
    this.#remote ??= new RemoteAgent(this.cardUrl, this.headers, this.clock);
    return this.#remote;
  }
}

/** Whether the task has ended; on shutdown it has not. */
function endedBy({ reason }: AbortSignal): boolean {
  return reason instanceof ContinuoError && reason.code === 'TASK_ENDED';
}

/** Nothing when the remote agent said nothing. */
function answerOf(parts: readonly Part[]): AgentAnswer {
  return parts.length > 0 ? parts : undefined;
}

function reasonOf(state: Settled['state'], said: readonly Part[]): string {
  if (state === 'AUTH_REQUIRED')
    return `The remote agent asks for credentials: ${textOf(said) || 'it did not say which'}`;
  const reason = textOf(said);
  return `The remote agent ended ${state.toLowerCase()}: ${reason === '' ? 'it gave no reason' : reason}`;
}
