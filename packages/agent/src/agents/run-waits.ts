/** What one run waits for: a while it waits here, then the run ends, and another goes on when what it waits for is there. */
import type { Clock } from '../platform/clock.js';
import type { Parking } from '../tasks/claimed-task.js';
import { givenText } from '../runs/names.js';
import type { RunActivity } from './run-activity.js';

/** How often a run that only waits looks whether it is time to end. */
const LOOK_EVERY_MS = 2_000;

/** Half the range of a date, so that adding it to the present stays inside. */
const MOST_MS = 4_000_000_000_000_000;

/** Throws TypeError for anything but a number of milliseconds that a date can be away. */
export function checkMs(what: string, ms: unknown): void {
  if (typeof ms === 'number' && ms < MOST_MS) return;
  throw new TypeError(`${what}: expected a number of milliseconds, got ${givenText(ms)}`);
}

/** Something that a run waits for. */
export interface Wait {
  /** Milliseconds since 1970 at which it is over; Infinity when no time ends it. */
  readonly at: number;
  /** Whether it does nothing but wait, and will for a while: for the next word of the `children`, or for a message. */
  readonly isIdle?: () => boolean;
  readonly children?: () => readonly string[];
  /** How many messages it knows, while it waits for the next. */
  readonly known?: number;
}

interface Parts {
  readonly activity: RunActivity;
  readonly clock: Clock;
  /** The run's. */
  readonly signal: AbortSignal;
  /** Ends the run, if `still` holds when all that was said is stored; resolves only when it doesn't. */
  readonly park: (parking: () => Parking | undefined) => Promise<void>;
}

/** What a run asks of it. */
export type Waits = Pick<RunWaits, 'until' | 'during'>;

export class RunWaits {
  readonly #waits = new Set<Wait>();

  constructor(private readonly parts: Parts) {}

  /** Does `work`, which ends with the wait; the run may end before it. */
  async during<Result>(wait: Wait, work: () => Promise<Result>): Promise<Result> {
    const over = new AbortController();
    this.#waits.add(wait);
    this.#watch(AbortSignal.any([over.signal, this.parts.signal])).catch(() => undefined);
    try {
      return await work();
    } finally {
      this.#waits.delete(wait);
      over.abort();
    }
  }

  /** Resolves at `at`, milliseconds since 1970; `held`: in this run. Rejects when the run is over. */
  async until(at: number, held: boolean): Promise<void> {
    const { clock, signal } = this.parts;
    const sleep = async (): Promise<void> => {
      for (let left = this.#left(at); left > 0; left = this.#left(at)) {
        signal.throwIfAborted();
        await clock.sleep(Math.min(left, LOOK_EVERY_MS), signal);
      }
      signal.throwIfAborted();
    };
    await (held ? sleep() : this.during({ at }, sleep));
  }

  async #watch(over: AbortSignal): Promise<void> {
    for (;;) {
      await this.parts.clock.sleep(LOOK_EVERY_MS, over);
      over.throwIfAborted();
      if (this.#parking() !== undefined) await this.parts.park(() => this.#parking());
    }
  }

  /** Undefined while something else is under way, or one of the waits is over soon. */
  #parking(): Parking | undefined {
    const waits = [...this.#waits];
    if (!this.parts.activity.isOnly(waits.length)) return undefined;
    const first = waits.reduce((least, { at }) => Math.min(least, at), Infinity);
    if (this.#left(first) <= LOOK_EVERY_MS || waits.some((wait) => wait.isIdle?.() === false)) return undefined;
    return {
      wakesAt: first === Infinity ? undefined : new Date(first),
      children: waits.flatMap((wait) => wait.children?.() ?? []),
      known: waits.find(({ known }) => known !== undefined)?.known,
    };
  }

  #left(at: number): number {
    return at - this.parts.clock.now().getTime();
  }
}
