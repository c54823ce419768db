/** What is on its way to clients: how much of it they have not taken yet, and which of them take nothing any more. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { isEventStream } from './sse.js';

const MOST_LISTENERS = 30;
const LOOK_MS = 20;

export class Outgoing {
  readonly #open = new Set<ServerResponse>();
  #isLeaving = false;

  constructor(
    /** Milliseconds after which a client is cut off that takes nothing of what waits for it. */
    private readonly stalledMs: number,
  ) {}

  /** Bytes of answers that wait in memory for their clients. Those of streams are their readers' shares, and don't count. */
  get unsent(): number {
    let bytes = 0;
    for (const response of this.#open) if (response.hasHeader('content-length')) bytes += response.writableLength;
    return bytes;
  }

  /** How many of the answers under way are event streams, whose clients come back behind what they have seen. */
  get streams(): number {
    return [...this.#open].filter(isEventStream).length;
  }

  /** From now on each answer is the last on its connection: the client makes a new one, which others take. */
  leave(): void {
    this.#isLeaving = true;
    for (const response of this.#open) lastOnItsConnection(response);
  }

  /** Resolves when there are no answers under way, or after `ms` milliseconds. */
  async ended(ms: number, clock: Clock): Promise<void> {
    const end = clock.now().getTime() + ms;
    while (this.#open.size > 0 && clock.now().getTime() < end) await clock.sleep(LOOK_MS);
  }

  /** An Express handler for every request. */
  readonly watch = (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    this.#open.add(response);
    if (this.#isLeaving) lastOnItsConnection(response);
    // The door, the limits, the log and a pipeline look at the same response; more than ten listeners are no leak.
    response.setMaxListeners(MOST_LISTENERS);
    response.once('close', () => this.#open.delete(response));
    // Node begins anew with each byte that the client takes or sends.
    response.setTimeout(this.stalledMs, () => {
      if (response.writableLength > 0) response.destroy();
      else response.setTimeout(this.stalledMs);
    });
    next();
  };
}

/** Node says `Connection: close` in its head, if that has not gone out. */
function lastOnItsConnection(response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
