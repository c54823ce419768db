/** What is on its way to clients: how much of it they have not taken yet, and which of them take nothing any more. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const MOST_LISTENERS = 30;

export class Outgoing {
  readonly #open = new Set<ServerResponse>();

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

  /** An Express handler for every request. */
  readonly watch = (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    this.#open.add(response);
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
