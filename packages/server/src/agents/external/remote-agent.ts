/** A remote A2A agent, called with the official client: send, follow, cancel. */
import { TaskState, type AgentCard, type StreamResponse, type Task as SdkTask } from '@a2a-js/sdk';
import { alarm, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { connect, type Connection } from './connect.js';
import { timeOf, type Mirror, type Settled } from './mirror.js';
import { patiently } from './patience.js';
import { readCard } from './remote-card.js';
import {
  countingFaults,
  NO_SUCH_OPERATION,
  NoAnswer,
  REFUSED,
  RemoteFault,
  RemoteRefusal,
  toRemoteError,
} from './remote-errors.js';
import type { RemoteAddress } from './remote-fetch.js';
import { fromSdkParts, settledState, takesAnswers, toSdkMessage } from './wire.js';

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
/** A stream that brings nothing for so long may have nobody at its other end who knows: the task is looked at. */
const QUIET_MS = 20_000;
/** Of a remote agent's tasks, the newest first, as many pages are looked at. */
const MOST_PAGES = 10;
const EVERY_TASK = {
  tenant: '',
  contextId: '',
  status: TaskState.TASK_STATE_UNSPECIFIED,
  pageSize: 50,
  statusTimestampAfter: undefined,
  includeArtifacts: false,
};
/** Reasons of a remote agent that can't say how its tasks are: it has no such operation, or forgets them. */
const cannotTell: ReadonlySet<string> = new Set([NO_SUCH_OPERATION, 'UNSUPPORTED_OPERATION', 'TASK_NOT_FOUND']);
/** Statuses of HTTP by which servers say that they have no such path, or no such method there. */
const NO_PATH: ReadonlySet<number | undefined> = new Set([404, 405, 501]);
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

/** The remote agent made a task of it, which may have `settled` by then, or answered at once. JSON. */
export type Receipt =
  | { readonly kind: 'task'; readonly taskId: string; readonly contextId: string; readonly settled?: Settled }
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
   * Resolves as soon as the remote agent has the message; what it answers with a task that is news is shown in `mirror`.
   * `signal` ends only the waiting for one that is away: whoever doesn't wait for the remote task's id can't cancel it.
   * Throws TerminalError, also for an answer that can't be read: the message is not sent again then.
   */
  async send(sending: Sending, mirror: Mirror, answered: string | undefined, signal: AbortSignal): Promise<Receipt> {
    const orNever = countingFaults();
    const sent = await patiently(
      async () => (await this.#sentBefore(sending)) ?? this.#send(sending).catch(orNever),
      this.options,
      signal,
    );
    if ('kind' in sent) return sent;
    const receipt = { kind: 'task', taskId: sent.id, contextId: sent.contextId } as const;
    const state = settledState(sent.status?.state);
    if (state === undefined || !isNews({ state, time: timeOf(sent.status) }, answered)) return receipt;
    const settled = await mirror.snapshot(sent);
    await mirror.end();
    return settled === undefined ? receipt : { ...receipt, settled };
  }

  /**
   * Shows the remote task in `mirror` until it ends, or waits for somebody and not for what was `answered` already.
   * Throws TerminalError.
   */
  async follow(taskId: string, mirror: Mirror, answered: string | undefined, signal: AbortSignal): Promise<Settled> {
    const { clock } = this.options;
    const answeredUntil = clock.now().getTime() + ANSWERED_MS;
    const isNow = (settled: Settled | undefined): settled is Settled =>
      settled !== undefined && (isNews(settled, answered) || clock.now().getTime() >= answeredUntil);
    const stream = (): Promise<Settled | Error | undefined> => this.#stream(taskId, mirror, isNow, signal);
    let known = false;
    let streamed: Settled | undefined;
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LAST_POLL_MS)) {
      const task = await this.#look(taskId, { known, streamed: streamed !== undefined }, signal);
      known ||= task !== undefined;
      const settled = task === undefined ? streamed : await mirror.snapshot(task);
      if (isNow(settled)) {
        await mirror.end();
        return settled;
      }
      const ended =
        task === undefined ? await patiently(() => stream().then(orThrow), this.options, signal) : await stream();
      if (!(ended instanceof Error)) streamed = ended ?? streamed;
      await clock.sleep(pause, signal);
    }
  }

  get #cancelPatience() {
    return { ...this.options, patienceMs: Math.min(this.options.patienceMs, CANCEL_PATIENCE_MS) };
  }

  /** Does nothing when the remote task has ended. */
  async cancel(taskId: string): Promise<void> {
    const options = { signal: AbortSignal.timeout(CANCEL_PATIENCE_MS) };
    const cancel = (): Promise<unknown> =>
      this.#request(({ client }) => client.cancelTask({ tenant: '', id: taskId, metadata: undefined }, options));
    await patiently(cancel, this.#cancelPatience).catch((error: unknown) => {
      if (!(error instanceof RemoteRefusal && hasEnded.has(error.reason))) throw error;
    });
  }

  /**
   * Cancels what the remote agent has made of a message that it may have, though its receipt is not known: where it lists
   * its tasks, with what was said to them. Does nothing where it doesn't, or has made nothing of it.
   */
  async cancelSent(messageId: string): Promise<void> {
    const taskId = await patiently(() => this.#madeOf(messageId), this.#cancelPatience).catch(orUntold);
    if (taskId !== undefined) await this.cancel(taskId);
  }

  async #madeOf(messageId: string): Promise<string | undefined> {
    let pageToken = '';
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { tasks, nextPageToken } = await this.#request(({ client }) =>
        client.listTasks(
          { ...EVERY_TASK, pageToken, historyLength: LAST_MESSAGES },
          { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) },
        ),
      );
      const made = tasks.find((task) => hasHeard(task, messageId));
      if (made !== undefined) return made.id;
      if (nextPageToken === '' || tasks.length === 0) return undefined;
      pageToken = nextPageToken;
    }
    return undefined;
  }

  /** An answer that the remote task has, or no longer waits for, is not sent: what comes of it is there to be followed. */
  async #sentBefore({ taskId, messageId }: Sending): Promise<Receipt | undefined> {
    if (taskId === undefined) return undefined;
    const task = await this.#get(taskId, { historyLength: LAST_MESSAGES }).catch(orUntold);
    if (task === undefined) return undefined;
    if (!hasHeard(task, messageId) && takesAnswers(task.status?.state)) return undefined;
    return { kind: 'task', taskId, contextId: task.contextId };
  }

  async #send({ parts, acceptedOutputModes = [], ...ids }: Sending): Promise<Receipt | SdkTask> {
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
    const { knowsRepeats } = await this.#connected();
    const result = await this.#request(({ client }) =>
      client.sendMessage({ tenant: '', message, configuration, metadata: undefined }, options),
    ).catch((error: unknown) => {
      if (!(error instanceof NoAnswer) || knowsRepeats) throw error;
      throw new TerminalError(`${error.message}. It may have done its work: the message is not sent again.`);
    });
    if (!('messageId' in result)) return result;
    return { kind: 'answer', parts: fromSdkParts(result.parts), contextId: result.contextId };
  }

  /** Undefined when the remote agent can't tell, but streams how it goes on, or has `streamed` how it ended. */
  async #look(
    id: string,
    { known, streamed }: { readonly known: boolean; readonly streamed: boolean },
    signal: AbortSignal,
  ): Promise<SdkTask | undefined> {
    try {
      return await patiently(() => this.#get(id, { historyLength: 0, known }, signal), this.options, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (streamed) return undefined;
      if (!(error instanceof RemoteRefusal && cannotTell.has(error.reason)) || error.reason === 'TASK_NOT_FOUND')
        throw error;
      const { streaming } = await this.#connected();
      if (streaming) return undefined;
      throw new TerminalError(
        `The remote agent has begun, but can't say how it goes on: it doesn't stream, and GetTask is not there (${error.message}).`,
      );
    }
  }

  /** `known`: it has told of the task before, so that no path leads nowhere for good. */
  async #get(
    id: string,
    { historyLength, known = false }: { readonly historyLength: number; readonly known?: boolean },
    ...signals: readonly AbortSignal[]
  ): Promise<SdkTask> {
    const signal = AbortSignal.any([...signals, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    try {
      const task = await this.#request(({ client }) => client.getTask({ tenant: '', id, historyLength }, { signal }));
      if (task.id !== id) throw new NoAnswer(`another task, ${JSON.stringify(task.id)}`);
      if (task.status?.state) return task;
    } catch (error) {
      const isMissing = error instanceof RemoteFault && !known && NO_PATH.has(error.status);
      throw isMissing ? new RemoteRefusal(NO_SUCH_OPERATION, error.message) : error;
    }
    throw new RemoteFault('it does not say in which state its task is.');
  }

  /**
   * Until the stream ends, breaks off or brings news: how the task settled, or what went wrong. Then the task itself tells,
   * where it can, for streams may lack or repeat what happened while they began.
   */
  async #stream(
    id: string,
    mirror: Mirror,
    isNow: (settled: Settled | undefined) => settled is Settled,
    signal: AbortSignal,
  ): Promise<Settled | Error | undefined> {
    const { client, streaming } = await this.#connected();
    if (!streaming) return undefined;
    const over = new AbortController();
    const options = { signal: AbortSignal.any([signal, over.signal]) };
    const events = client.resubscribeTask({ tenant: '', id }, options)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#within(
          QUIET_MS,
          events.next().catch((error: unknown) => toRemoteError(error, this.options.headers)),
        );
        signal.throwIfAborted();
        if (next === undefined) return undefined;
        if (next instanceof Error) return next;
        if (next.done === true) return undefined;
        if (isOfAnother(next.value, id)) continue;
        const settled = await mirror.event(next.value);
        if (isNow(settled)) return settled;
      }
    } finally {
      over.abort();
      await events.return(undefined).catch(() => undefined);
    }
  }

  /** Undefined when the result takes longer. */
  #within<Result>(ms: number, result: Promise<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      const silence = alarm(this.options.clock, ms, () => resolve(undefined));
      result.then(resolve, reject).finally(silence);
    });
  }

  #connected(): Promise<Connection> {
    return this.#request((connection) => Promise.resolve(connection));
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

/** An end is; what waits for somebody may be what was `answered` already. */
function isNews({ state, time }: Pick<Settled, 'state' | 'time'>, answered: string | undefined): boolean {
  const waits = state === 'INPUT_REQUIRED' || state === 'AUTH_REQUIRED';
  return answered === undefined || !waits || time !== answered;
}

/** Whether an event says that it is of another task than `id`. */
function isOfAnother({ payload }: StreamResponse, id: string): boolean {
  if (payload === undefined || payload.$case === 'message') return false;
  const given = payload.$case === 'task' ? payload.value.id : payload.value.taskId;
  return given !== '' && given !== id;
}

function orThrow<Result>(result: Result | Error): Result {
  if (result instanceof Error) throw result;
  return result;
}

/** Undefined where the remote agent can't tell. */
function orUntold(error: unknown): undefined {
  if (!(error instanceof RemoteRefusal && cannotTell.has(error.reason))) throw error;
}

/** Whether the message is among the last ones of the task. */
function hasHeard({ history }: SdkTask, messageId: string): boolean {
  return (history ?? []).some((message) => message.messageId === messageId);
}
