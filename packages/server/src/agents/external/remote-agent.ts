/** A remote A2A agent, called with the official client: send, follow, cancel. */
import type { AgentCard, Task as SdkTask } from '@a2a-js/sdk';
import type { Clock } from '../../platform/clock.js';
import type { Part } from '../../sessions/message.js';
import { connect, readCard, type Connection, type RemoteAddress } from './connect.js';
import type { Mirror, Settled } from './mirror.js';
import { patiently } from './patience.js';
import { countingFaults, REFUSED, RemoteRefusal, toRemoteError } from './remote-errors.js';
import { fromSdkParts, takesAnswers, toSdkMessage } from './wire.js';

/** How often a remote task is looked at when it can't be streamed, or the stream broke off: ever more rarely. */
const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 1_000;
/** A remote agent may take the message only when it has the answer. */
const SEND_TIMEOUT_MS = 300_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** How long a remote task may go on asking what it was answered already, before it is taken to ask again. */
const ANSWERED_MS = 30_000;
/** As many of a remote task's messages tell whether it has one. */
const LAST_MESSAGES = 20;
const CANCEL_PATIENCE_MS = 60_000;
/** Reasons for which a remote agent doesn't cancel a task that has ended. */
const hasEnded: ReadonlySet<string> = new Set(['TASK_NOT_CANCELABLE', 'TASK_NOT_FOUND']);

export interface RemoteAgentOptions extends RemoteAddress {
  readonly clock: Clock;
  readonly patienceMs: number;
}

export interface Sending {
  readonly parts: readonly Part[];
  /** The same for every attempt: the remote agent may tell by it that it has the message already. */
  readonly messageId: string;
  readonly contextId?: string | undefined;
  /** The media types that the caller can make use of; without them, any. */
  readonly acceptedOutputModes?: readonly string[];
  /** The task that asked for it. */
  readonly taskId?: string | undefined;
}

/** The remote agent made a task of it, or answered at once. JSON. */
export type Receipt =
  | { readonly kind: 'task'; readonly taskId: string; readonly contextId: string }
  | { readonly kind: 'answer'; readonly parts: readonly Part[]; readonly contextId: string };

export class RemoteAgent {
  #connection: Promise<Connection> | undefined;

  constructor(private readonly options: RemoteAgentOptions) {}

  /** Its card as it is now. */
  async card(): Promise<AgentCard> {
    try {
      return await readCard(this.options);
    } catch (error) {
      throw toRemoteError(error, this.options.headers);
    }
  }

  /**
   * Resolves as soon as the remote agent has the message. `signal` ends only the waiting for one that is away: whoever
   * doesn't wait for the remote task's id can't cancel it. Throws TerminalError.
   */
  send(sending: Sending, signal: AbortSignal): Promise<Receipt> {
    const orNever = countingFaults();
    return patiently(
      async () => (await this.#sentBefore(sending)) ?? this.#send(sending).catch(orNever),
      this.options,
      signal,
    );
  }

  /**
   * Shows the remote task in `mirror` until it ends, or waits for somebody and not for what was `answered` already.
   * Throws TerminalError.
   */
  async follow(taskId: string, mirror: Mirror, answered: string | undefined, signal: AbortSignal): Promise<Settled> {
    const { clock } = this.options;
    const answeredUntil = clock.now().getTime() + ANSWERED_MS;
    const isNews = (settled: Settled | undefined): settled is Settled =>
      settled !== undefined &&
      (answered === undefined || settled.time !== answered || clock.now().getTime() >= answeredUntil);
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LAST_POLL_MS)) {
      const task = await patiently(() => this.#get(taskId, 0, signal), this.options, signal);
      const settled = await mirror.snapshot(task);
      if (isNews(settled)) {
        await mirror.end();
        return settled;
      }
      await this.#stream(taskId, mirror, isNews, signal);
      await clock.sleep(pause, signal);
    }
  }

  /** Does nothing when the remote task has ended. */
  async cancel(taskId: string): Promise<void> {
    const patience = { ...this.options, patienceMs: Math.min(this.options.patienceMs, CANCEL_PATIENCE_MS) };
    const options = { signal: AbortSignal.timeout(CANCEL_PATIENCE_MS) };
    const cancel = (): Promise<unknown> =>
      this.#request(({ client }) => client.cancelTask({ tenant: '', id: taskId, metadata: undefined }, options));
    await patiently(cancel, patience).catch((error: unknown) => {
      if (!(error instanceof RemoteRefusal && hasEnded.has(error.reason))) throw error;
    });
  }

  /** An answer that the remote task has, or no longer waits for, is not sent: what comes of it is there to be followed. */
  async #sentBefore({ taskId, messageId }: Sending): Promise<Receipt | undefined> {
    if (taskId === undefined) return undefined;
    const task = await this.#get(taskId, LAST_MESSAGES);
    const had = (task.history ?? []).some((message) => message.messageId === messageId);
    if (!had && takesAnswers(task.status?.state)) return undefined;
    return { kind: 'task', taskId, contextId: task.contextId };
  }

  async #send({ parts, acceptedOutputModes = [], ...ids }: Sending): Promise<Receipt> {
    const configuration = {
      acceptedOutputModes: [...acceptedOutputModes],
      taskPushNotificationConfig: undefined,
      returnImmediately: true,
    };
    const message = toSdkMessage(parts, ids);
    const options = {
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      serviceParameters: { 'Idempotency-Key': ids.messageId },
    };
    const result = await this.#request(({ client }) =>
      client.sendMessage({ tenant: '', message, configuration, metadata: undefined }, options),
    );
    if ('messageId' in result) {
      return { kind: 'answer', parts: fromSdkParts(result.parts), contextId: result.contextId };
    }
    return { kind: 'task', taskId: result.id, contextId: result.contextId };
  }

  async #get(id: string, historyLength: number, ...signals: readonly AbortSignal[]): Promise<SdkTask> {
    const signal = AbortSignal.any([...signals, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    try {
      return await this.#request(({ client }) => client.getTask({ tenant: '', id, historyLength }, { signal }));
    } catch (error) {
      if (!(error instanceof RemoteRefusal) || error.reason !== 'TASK_NOT_FOUND') throw error;
      throw new RemoteRefusal(
        error.reason,
        'The remote agent no longer knows the task; it may have lost it in a restart.',
      );
    }
  }

  /**
   * Until the stream ends, breaks off or brings news; then the task itself tells, for streams may lack or repeat what
   * happened while they began.
   */
  async #stream(
    id: string,
    mirror: Mirror,
    isNews: (settled: Settled | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, streaming } = await this.#request((connection) => Promise.resolve(connection));
    if (!streaming) return;
    const events = client.resubscribeTask({ tenant: '', id }, { signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await events.next().catch(() => signal.throwIfAborted());
        if (next === undefined || next.done === true || isNews(await mirror.event(next.value))) return;
      }
    } finally {
      await events.return(undefined).catch(() => undefined);
    }
  }

  /** One client for all tasks, until it fails: then the card may have changed. */
  async #request<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      this.#connection ??= connect(this.options);
      return await work(await this.#connection);
    } catch (thrown) {
      const error = toRemoteError(thrown, this.options.headers);
      if (!(error instanceof RemoteRefusal) || error.reason === REFUSED) this.#leave();
      throw error;
    }
  }

  /** Calls of other tasks that are under way go on. */
  #leave(): void {
    const left = this.#connection;
    this.#connection = undefined;
    left?.then(({ close }) => close()).catch(() => undefined);
  }
}
