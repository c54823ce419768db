/** The sleeps of one run: short ones are waited for here, for the end of long ones the run ends and begins again. */
import type { Clock } from '../platform/clock.js';
import type { RunActivity } from './run-activity.js';

/** So long a sleep is waited for, whatever it is; only what is longer than twice as long is worth another run. */
const HELD_MS = 2_000;

interface Parts {
  readonly activity: RunActivity;
  readonly clock: Clock;
  /** The run's. */
  readonly signal: AbortSignal;
  /**
   * Ends the run, which begins again at that time (milliseconds since 1970), if `still` holds when all that was said is
   * stored; resolves only when it doesn't.
   */
  readonly park: (wakesAt: number, still: () => boolean) => Promise<void>;
}

export class RunSleeps {
  readonly #ends = new Set<{ readonly at: number }>();

  constructor(private readonly parts: Parts) {}

  /** Resolves at `at`, milliseconds since 1970; `held`: in this run. Rejects when the run is over. */
  async until(at: number, held: boolean): Promise<void> {
    const { clock, signal, park } = this.parts;
    const end = { at };
    this.#ends.add(end);
    try {
      for (let left = this.#left(at); left > 0; left = this.#left(at)) {
        signal.throwIfAborted();
        await clock.sleep(Math.min(left, HELD_MS), signal);
        if (!held && this.#mayPark()) await park(this.#first(), () => this.#mayPark());
      }
    } finally {
      this.#ends.delete(end);
    }
    signal.throwIfAborted();
  }

  /** Nothing but sleeps is under way, and none of them is over soon. */
  #mayPark(): boolean {
    return this.parts.activity.isOnly(this.#ends.size) && this.#left(this.#first()) > HELD_MS;
  }

  #first(): number {
    return [...this.#ends].reduce((first, { at }) => Math.min(first, at), Infinity);
  }

  #left(at: number): number {
    return at - this.parts.clock.now().getTime();
  }
}
