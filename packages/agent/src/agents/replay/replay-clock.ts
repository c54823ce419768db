/** The time of a replay: it goes on with the event loop, and stands while what the replay itself reads is under way. */
import type { Clock } from '../../platform/clock.js';

const TICK_MS = 25;

/** However busy the process is, nothing counts as quiet before the replay had its turns. */
export class ReplayClock implements Clock {
  #now = 0;
  #reading = 0;
  #stopped = false;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  constructor(private readonly clock: Clock) {}

  now(): Date {
    return new Date(this.#now);
  }

  /** Never resolves when the replay is over: nothing in it goes on. */
  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#waiting.push({ at: this.#now + ms, wake }));
  }

  /** The time stands while `work` lasts. */
  async standing<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#reading += 1;
    try {
      return await work();
    } finally {
      this.#reading -= 1;
    }
  }

  async start(): Promise<void> {
    while (!this.#stopped) {
      await this.clock.sleep(TICK_MS);
      if (this.#reading === 0 && !this.#stopped) this.#tick();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  #tick(): void {
    this.#now += TICK_MS;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
  }
}
