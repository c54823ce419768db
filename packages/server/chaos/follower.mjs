/** A subscriber of one task that keeps coming back, to any instance and by any of the streams, behind what it has seen. */
import { setTimeout as delay } from 'node:timers/promises';
import { isEnd, readStream } from './stream.mjs';

const RETRY_MS = 250;

export class Follower {
  /** @type {{ id: number, data: any }[]} */
  frames = [];
  connections = 0;
  ended = false;
  /** What was wrong with the stream itself. */
  disorder = [];

  /**
   * @param {import('./clients.mjs').Clients} clients
   * @param {string} agent
   * @param {string} taskId
   */
  constructor(clients, agent, taskId) {
    Object.assign(this, { clients, agent, taskId });
  }

  get last() {
    return this.frames.at(-1)?.id ?? 0;
  }

  /** Follows to the end of the task, or until nobody waits any more. */
  async run() {
    const { clients } = this;
    while (!this.ended && !clients.signal.aborted) {
      // Some leave by themselves in the middle, as browsers do.
      const patience = clients.random.chance(0.3) ? clients.random.whole(1, 12) : Infinity;
      await this.#connect(clients.url(), patience).catch(() => undefined);
      if (!this.ended) await delay(clients.random.whole(0, RETRY_MS * 2));
    }
  }

  async #connect(url, patience) {
    let left = patience;
    const take = (block) => {
      this.#take(block);
      left -= 1;
      return !this.ended && left > 0;
    };
    const { status, text } = await readStream((signal) => this.#open(url, signal), take, this.clients.signal);
    if (status === 200) this.connections += 1;
    else if (status === 204) this.ended = true;
    else if (status < 500) this.disorder.push(`${status} ${text}`.slice(0, 500));
  }

  #open(url, signal) {
    const headers = { 'last-event-id': String(this.last), 'a2a-version': '1.0' };
    const rpc = { jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id: this.taskId } };
    return this.clients.random.pick([
      () => fetch(`${url}/tasks/${this.taskId}/events`, { headers, signal }),
      () => fetch(`${url}/agents/${this.agent}/tasks/${this.taskId}:subscribe`, { headers, signal }),
      () =>
        fetch(`${url}/agents/${this.agent}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(rpc),
          signal,
        }),
    ])();
  }

  #take({ id: position, data: value }) {
    const id = Number(position);
    const data = value.jsonrpc === undefined ? value : value.result;
    if (id !== this.last + 1) this.disorder.push(`event ${position} came behind event ${this.last}`);
    this.frames.push({ id, data });
    this.ended ||= isEnd(data);
  }
}
