/** Keeps a number of jobs under way until it is told to begin no more. */
import { setTimeout as delay } from 'node:timers/promises';
import { jobs, weights } from './jobs.mjs';

export class Load {
  #stopping = false;
  #workers = [];
  begun = 0;
  done = 0;

  /**
   * @param {Omit<import('./jobs.mjs').Desk, 'random'>} desk
   * @param {number} atOnce
   * @param {import('./random.mjs').Random} random
   * @param {readonly string[]} without kinds of jobs
   */
  constructor(desk, atOnce, random, without) {
    Object.assign(this, { desk, atOnce, random });
    this.weights = weights.filter(([kind]) => !without.includes(kind));
  }

  start() {
    this.#workers = Array.from({ length: this.atOnce }, (_, index) => this.#work(this.random.fork(`worker ${index}`)));
  }

  /** Begins no more jobs; resolves when those under way have come to their ends. */
  async stop() {
    this.#stopping = true;
    await Promise.all(this.#workers);
  }

  async #work(random) {
    while (!this.#stopping) {
      const kind = random.weighed(this.weights);
      this.begun += 1;
      try {
        await jobs[kind]({ ...this.desk, random });
        this.done += 1;
      } catch (error) {
        const { signal } = this.desk.clients;
        const why = signal.aborted ? 'did not come to its end in time' : `broke off: ${error.stack}`;
        this.desk.ledger.complain('unfinished', `a job (${kind}) ${why}`);
      }
      await delay(random.whole(0, 200));
    }
  }
}
