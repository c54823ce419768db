/** When what has failed is tried again: every time of the near future, as each is looked for by itself. */

/** A later one is found soon enough by whoever looks anyway. */
const NEAR_MS = 120_000;
/** Times within it are one: however much fails, there are few. */
const STEP_MS = 100;

export class RetryTimes {
  readonly #times = new Set<number>();

  /** `at` and `now`: milliseconds since 1970. */
  add(at: number, now: number): void {
    if (at - now <= NEAR_MS) this.#times.add(Math.ceil(at / STEP_MS) * STEP_MS);
  }

  /** Infinity for none. */
  get next(): number {
    return Math.min(Infinity, ...this.#times);
  }

  /** Whether one has come, which is forgotten then. */
  take(now: number): boolean {
    const come = [...this.#times].filter((at) => at <= now);
    for (const at of come) this.#times.delete(at);
    return come.length > 0;
  }
}
