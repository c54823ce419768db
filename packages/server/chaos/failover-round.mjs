/** One failover: the primary goes, another server takes over, the instances find it, and the old one comes back. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;
const WRITE_EVERY_MS = 250;
const CALL_MS = 5_000;
/** After another server takes writes. */
const AIM_MS = 10_000;
const GIVE_UP_MS = 60_000;
/** How long an old primary that comes back takes itself for one, before a Patroni is there again. */
const ZOMBIE_MS = 3_000;

/**
 * @typedef {object} Took what took how long, in milliseconds
 * @property {'killed' | 'cut off'} manner
 * @property {number} writableMs from the fault until another server takes writes
 * @property {readonly number[]} readyMs from then until each instance is ready
 * @property {readonly number[]} servedMs from then until each instance has done what somebody asked
 * @property {number} backMs until commits wait for the old primary, now a standby
 */

/** @returns {Promise<Took>} */
export async function failOver({ postgres, instances, ledger, journal, manner }) {
  const old = await postgres.primary();
  const other = postgres.nodes.find((node) => node !== old);
  const over = new AbortController();
  const watches = instances.map((instance) => new Watch(instance, ledger, over.signal));
  const begun = performance.now();
  journal.note({ what: 'postgres', detail: `${old.name} ${manner}` });
  old.signal('SIGKILL', ['patroni']);
  old.signal(manner === 'killed' ? 'SIGKILL' : 'SIGSTOP', ['postgres']);
  for (const watch of watches) watch.start();
  while (!(await other.takesWrites().catch(() => false))) await delay(LOOK_EVERY_MS);
  const writableAt = performance.now();
  journal.note({ what: 'postgres back', detail: other.name });
  const back = await Promise.all(watches.map((watch) => watch.untilBack(writableAt)));
  over.abort();
  for (const [index, { readyMs, servedMs }] of back.entries()) {
    if (Math.max(readyMs, servedMs) <= AIM_MS) continue;
    ledger.complain('slow', `${instances[index].name}: ready after ${readyMs} ms, served a write after ${servedMs} ms`);
  }
  const returned = performance.now();
  await bringBack(old, other, manner);
  await postgres.untilReplicated();
  return {
    manner,
    writableMs: writableAt - begun,
    readyMs: back.map(({ readyMs }) => readyMs),
    servedMs: back.map(({ servedMs }) => servedMs),
    backMs: performance.now() - returned,
  };
}

/**
 * One that was cut off goes on before its Patroni does: it is a primary still, as far as it knows, while everybody looks
 * for a server. (A Patroni that was only paused may take the lead back without asking; a watchdog is there for that.)
 */
async function bringBack(old, other, manner) {
  if (manner === 'cut off') {
    old.signal('SIGCONT', ['postgres']);
    await other.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = 'continuo' AND application_name LIKE 'continuo%'`);
    await delay(ZOMBIE_MS);
  }
  old.start();
}

/** Asks an instance again and again whether it is ready, and for a small task. */
class Watch {
  /** When it was found ready, and when it had served, last. */
  #readyAt = 0;
  #servedAt = 0;

  constructor(instance, ledger, signal) {
    Object.assign(this, { instance, ledger, signal });
  }

  start() {
    void this.#repeat(LOOK_EVERY_MS, () => this.#look());
    void this.#repeat(WRITE_EVERY_MS, () => this.#write());
  }

  /** Milliseconds from `since` on. */
  async untilBack(since) {
    const end = since + GIVE_UP_MS;
    const first = async (last) => {
      while (last() < since && performance.now() < end) await delay(20);
      return Math.max(last(), since) - since;
    };
    const [readyMs, servedMs] = await Promise.all([first(() => this.#readyAt), first(() => this.#servedAt)]);
    return performance.now() < end ? { readyMs, servedMs } : { readyMs: GIVE_UP_MS, servedMs: GIVE_UP_MS };
  }

  /** The next begins whether or not the one before has been answered. */
  async #repeat(everyMs, act) {
    while (!this.signal.aborted) {
      void act().catch(() => undefined);
      await delay(everyMs);
    }
  }

  async #look() {
    const response = await this.#fetch('/readyz');
    await response.arrayBuffer();
    if (response.status === 200) this.#readyAt = performance.now();
  }

  async #write() {
    const message = { messageId: randomUUID(), parts: [{ text: 'Are you there?' }] };
    const response = await this.#fetch('/agents/function/echo/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message, wait: true }),
    });
    if (response.status !== 200 && response.status !== 201) return;
    const { id } = await response.json();
    this.#servedAt = performance.now();
    // It was acknowledged.
    this.ledger.expectations.push({ kind: 'probe', taskId: id, states: ['COMPLETED'] });
  }

  #fetch(path, more = {}) {
    return fetch(`${this.instance.url}${path}`, { ...more, signal: AbortSignal.timeout(CALL_MS) });
  }
}
