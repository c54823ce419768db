/** A remote A2A agent, called with the official client: send, follow, cancel. */
import type { Task as SdkTask } from '@a2a-js/sdk';
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
  type Client,
} from '@a2a-js/sdk/client';
import { A2AError } from '@a2a-js/sdk/errors';
import type { Clock } from '../../platform/clock.js';
import { messageOf, TerminalError } from '../../platform/errors.js';
import type { Part } from '../../sessions/message.js';
import type { Mirror, Settled } from './mirror.js';
import { fromSdkParts, toSdkMessage } from './wire.js';

/** How often a remote task is looked at when it can't be streamed, or the stream broke off. */
const POLL_MS = 1_000;

export interface Sending {
  readonly parts: readonly Part[];
  /** The same for every attempt: the remote agent may tell by it that it has the message already. */
  readonly messageId: string;
  readonly contextId?: string | undefined;
  readonly taskId?: string | undefined;
}

/** The remote agent made a task of it, or answered at once. JSON. */
export type Receipt =
  | { readonly kind: 'task'; readonly taskId: string; readonly contextId: string }
  | { readonly kind: 'answer'; readonly parts: readonly Part[]; readonly contextId: string };

export class RemoteAgent {
  #client: Promise<Client> | undefined;
  #streaming = false;

  constructor(
    private readonly cardUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly clock: Clock,
  ) {}

  /** Resolves as soon as the remote agent has the message. Throws TerminalError when it refuses it. */
  async send({ parts, ...ids }: Sending, signal: AbortSignal): Promise<Receipt> {
    const client = await this.#connect();
    const result = await refusalsAreFinal(() =>
      client.sendMessage(
        {
          tenant: '',
          message: toSdkMessage(parts, ids),
          configuration: { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately: true },
          metadata: undefined,
        },
        { signal },
      ),
    );
    if ('messageId' in result) {
      return { kind: 'answer', parts: fromSdkParts(result.parts), contextId: result.contextId };
    }
    return { kind: 'task', taskId: result.id, contextId: result.contextId };
  }

  /** Shows the remote task in `mirror` until it ends or waits for somebody. */
  async follow(taskId: string, mirror: Mirror, signal: AbortSignal): Promise<Settled> {
    const client = await this.#connect();
    for (let round = 0; ; round += 1) {
      const task: SdkTask = await refusalsAreFinal(() => client.getTask({ tenant: '', id: taskId }, { signal }));
      const settled = (await mirror.snapshot(task)) ?? (await this.#stream(client, taskId, mirror, signal));
      if (settled !== undefined) return settled;
      // A first stream that ends at once is most often one of a task that has just ended.
      if (!this.#streaming || round > 0) await this.clock.sleep(POLL_MS, signal);
    }
  }

  async cancel(taskId: string): Promise<void> {
    const client = await this.#connect();
    await client.cancelTask({ tenant: '', id: taskId, metadata: undefined });
  }

  /** Undefined when the stream ended before the task did, or there is none: the task itself tells the rest. */
  async #stream(client: Client, taskId: string, mirror: Mirror, signal: AbortSignal): Promise<Settled | undefined> {
    if (!this.#streaming) return undefined;
    const events = client.resubscribeTask({ tenant: '', id: taskId }, { signal })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await events.next().catch(() => {
          signal.throwIfAborted();
          return undefined;
        });
        if (next === undefined || next.done === true) return undefined;
        const settled = await mirror.event(next.value);
        if (settled !== undefined) return settled;
      }
    } finally {
      await events.return(undefined).catch(() => undefined);
    }
  }

  /** One client for all tasks; a card that could not be read is asked for again. */
  async #connect(): Promise<Client> {
    this.#client ??= this.#create();
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw new Error(`The remote agent's card can't be read at ${this.cardUrl}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async #create(): Promise<Client> {
    const fetchImpl: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(this.headers)) headers.set(name, value);
      return fetch(input, { ...init, headers });
    };
    const factory = new ClientFactory(
      ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
        transports: [new JsonRpcTransportFactory({ fetchImpl }), new RestTransportFactory({ fetchImpl })],
        cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
      }),
    );
    const client = await factory.createFromUrl(this.cardUrl, '');
    this.#streaming = (await client.getAgentCard()).capabilities?.streaming ?? false;
    return client;
  }
}

/** What the remote agent refuses by A2A's rules it would refuse again; everything else may pass. */
async function refusalsAreFinal<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof A2AError && error.reason !== 'INTERNAL_ERROR') {
      throw new TerminalError(`The remote agent refused: ${error.message}`);
    }
    throw error;
  }
}
