/** Others who fail are left alone for a while: what asks them meanwhile gets the same failure, and costs nothing. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';

export class Cooldown {
  #failed: { readonly error: unknown; readonly until: number } | undefined;

  /** `ms`: how long a failure is remembered, in milliseconds. */
  constructor(
    private readonly ms: number,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** The result of `work`. Throws what it throws, and throws the same for the next `ms` milliseconds without asking. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#failed !== undefined && this.clock.now().getTime() < this.#failed.until) throw this.#failed.error;
    try {
      const result = await work();
      this.#failed = undefined;
      return result;
    } catch (error) {
      this.#failed = { error, until: this.clock.now().getTime() + this.ms };
      throw error;
    }
  }
}
