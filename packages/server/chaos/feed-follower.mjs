/** A subscriber of many tasks at once, all of them or those of a session, which keeps coming back to any instance. */
import { setTimeout as delay } from 'node:timers/promises';
import { isEnd, readStream } from './stream.mjs';

const RETRY_MS = 250;

export class FeedFollower {
  /** @type {{ taskId: string, seq: number, data: any }[]} */
  frames = [];
  connections = 0;
  /** What was wrong with the stream itself. */
  disorder = [];
  #ended = new Set();
  /** @type {string | undefined} */
  #position;
  #stop = new AbortController();
  #running = Promise.resolve();

  /**
   * @param {import('./clients.mjs').Clients} clients
   * @param {string} [contextId] of the session; all tasks when it is left out
   */
  constructor(clients, contextId) {
    Object.assign(this, { clients, contextId });
  }

  get path() {
    return this.contextId === undefined ? '/tasks/events' : `/sessions/${this.contextId}/events`;
  }

  /** Resolves when it has seen these tasks end, or nobody waits any more. */
  async untilEnded(taskIds) {
    const { clients } = this;
    while (!clients.signal.aborted && !taskIds.every((id) => this.#ended.has(id))) await delay(50);
  }

  /** Resolves when it stands at the beginning of what it follows. */
  async start() {
    this.#running = this.#run();
    while (this.#position === undefined && !this.clients.signal.aborted) await delay(20);
  }

  async stop() {
    this.#stop.abort();
    await this.#running;
  }

  async #run() {
    const { clients } = this;
    const signal = AbortSignal.any([this.#stop.signal, clients.signal]);
    while (!signal.aborted) {
      // Most stay until their instance goes; some leave in the middle.
      let left = clients.random.chance(0.5) ? clients.random.whole(1, 300) : Infinity;
      const take = (block) => {
        this.#take(block);
        left -= 1;
        return left > 0;
      };
      await this.#connect(clients.url(), take, signal).catch(() => undefined);
      await delay(clients.random.whole(0, RETRY_MS * 2));
    }
  }

  async #connect(url, take, signal) {
    const headers = this.#position === undefined ? {} : { 'last-event-id': this.#position };
    const open = (given) => fetch(`${url}${this.path}`, { headers, signal: given });
    const { status, text } = await readStream(open, take, signal);
    if (status === 200) this.connections += 1;
    else if (status < 500) this.disorder.push(`${status} ${text}`.slice(0, 500));
  }

  #take({ id, data }) {
    this.#position = id;
    if (Object.keys(data).length === 0) return;
    // The position is opaque for clients; here it tells which event of the log this is.
    const [, taskId, seq] = id.split('.');
    this.frames.push({ taskId, seq: Number(seq), data });
    if (isEnd(data)) this.#ended.add(taskId);
  }
}
