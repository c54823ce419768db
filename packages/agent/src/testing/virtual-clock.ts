/** The time of a test: what an agent waits for is skipped, what it works takes as long as it takes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock, type Clock } from '../platform/clock.js';
import { allowManyListeners } from '../platform/many-listeners.js';

/** Turns of the event loop in which nothing happens before a wait is skipped. */
const QUIET_TURNS = 25;
/** Turns after which it is looked more seldom, so that what really takes time gets it. */
const MANY_TURNS = 200;

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  #now: number;
  #timers: readonly Timer[] = [];
  #stirs = 0;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#stirs += 1;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(asError(signal.reason));
        return;
      }
      const leave = (): void => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        leave();
        reject(asError(signal?.reason));
      };
      const wake = (): void => {
        leave();
        resolve();
      };
      const timer = { at: this.#now + Math.max(0, ms), wake };
      this.#timers = [...this.#timers, timer];
      if (signal === undefined) return;
      allowManyListeners(signal);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** It is `at`, milliseconds since 1970, unless it is later already. */
  skipTo(at: number): void {
    this.#now = Math.max(this.#now, at);
    const due = this.#timers.filter((timer) => timer.at <= this.#now).toSorted((a, b) => a.at - b.at);
    for (const { wake } of due) wake();
  }

  /**
   * What comes of `work`. While `isWaiting`, time skips to the end of the next wait whenever nothing else happens; else it passes.
   * Throws an Error when nothing has happened for `patienceMs` real milliseconds while `isIdle`.
   */
  async during<Result>(
    work: Promise<Result>,
    { isWaiting, isIdle, patienceMs }: { isWaiting: () => boolean; isIdle: () => boolean; patienceMs: number },
  ): Promise<Result> {
    let over = false;
    const end = (): void => void (over = true);
    work.then(end, end);
    let [turns, quiet, stirs, last] = [0, 0, this.#stirs, systemClock.now().getTime()];
    let stillSince = last;
    for (;;) {
      await (turns < MANY_TURNS ? nextTurn() : systemClock.sleep(1));
      if (over) return work;
      const real = systemClock.now().getTime();
      const stirred = stirs !== this.#stirs;
      turns = stirred ? 0 : turns + 1;
      // Behind work that took long, what it leads to gets its turns, too.
      quiet = stirred || !isWaiting() ? 0 : quiet + 1;
      if (stirred || !isIdle()) stillSince = real;
      stirs = this.#stirs;
      if (!isWaiting()) this.skipTo(this.#now + real - last);
      else if (quiet > QUIET_TURNS && this.#skip()) [turns, quiet] = [0, 0];
      last = real;
      if (real - stillSince > patienceMs) {
        throw new Error(
          `The agent did nothing for ${patienceMs} ms and has not ended: outside of its steps it waits for something that does not come.`,
        );
      }
    }
  }

  #skip(): boolean {
    const [first] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (first !== undefined) this.skipTo(first.at);
    return first !== undefined;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
