/** A subscriber that keeps coming back, to any instance and by any of the streams, behind the last event it has seen. */
import { setTimeout as delay } from 'node:timers/promises';

/** Instances say something every second; one that is silent for this long is given up. */
const SILENT_MS = 4_000;
const RETRY_MS = 250;
const TERMINAL = /"TASK_STATE_(COMPLETED|FAILED|CANCELED|REJECTED)"/;

export class Follower {
  /** @type {{ id: number, data: any }[]} */
  frames = [];
  connections = 0;
  ended = false;
  /** Ids that came out of order, with what was expected instead. */
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
    const silence = new AbortController();
    const signal = AbortSignal.any([silence.signal, this.clients.signal]);
    const timer = setTimeout(() => silence.abort(), SILENT_MS);
    try {
      const response = await this.#open(url, signal);
      if (response.status === 204) {
        this.ended = true;
        return;
      }
      if (response.status !== 200 || response.body === null) {
        const text = await response.text();
        if (response.status < 500) this.disorder.push(`${response.status} ${text}`.slice(0, 500));
        return;
      }
      this.connections += 1;
      let text = '';
      let left = patience;
      const decoder = new TextDecoder();
      for await (const chunk of response.body) {
        timer.refresh();
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          if (!this.#take(block)) continue;
          left -= 1;
          if (this.ended || left <= 0) return;
        }
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
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

  /** Whether the block was an event. */
  #take(block) {
    const lines = block.split('\n');
    const id = Number(lines.find((line) => line.startsWith('id: '))?.slice(4));
    const text = lines.find((line) => line.startsWith('data: '))?.slice(6);
    if (text === undefined) return false;
    const value = JSON.parse(text);
    const data = value.jsonrpc === undefined ? value : value.result;
    if (id !== this.last + 1) this.disorder.push(`event ${id} came behind event ${this.last}`);
    this.frames.push({ id, data });
    this.ended ||= TERMINAL.test(JSON.stringify(data.statusUpdate?.status?.state ?? data.task?.status?.state ?? ''));
    return true;
  }
}
