/** What a run is doing: how long it has worked, waiting left out, and whether it does nothing but sleep. */
import { alarm, type Clock } from '../platform/clock.js';
import { TerminalError } from '../platform/errors.js';

/** Steps, calls and sleeps that an agent may have begun and not ended. */
const MOST_AT_ONCE = 2_000;

/** `wait`: for time, for children, for messages; `step`: for work. */
export type Activity = 'step' | 'wait';

export class RunActivity {
  readonly #under: Record<Activity, number> = { step: 0, wait: 0 };
  #workedMs = 0;
  /** Since when it works; undefined while it waits. */
  #since: number | undefined;
  #changed: () => void = nothing;
  #isOver = false;
  readonly #atEnd: (() => void)[] = [];

  constructor(private readonly clock: Clock) {
    this.#since = this.#now();
  }

  /** One more is under way, until `ends`. Throws TerminalError when there is too much at once. */
  begins(activity: Activity): void {
    if (this.#under.step + this.#under.wait >= MOST_AT_ONCE) {
      throw new TerminalError(
        `The agent has begun ${MOST_AT_ONCE} steps, calls and sleeps and waited for none: await them.`,
      );
    }
    this.#count(activity, 1);
  }

  ends(activity: Activity): void {
    this.#count(activity, -1);
  }

  /** Whether anything is under way. */
  get isBusy(): boolean {
    return this.#under.step + this.#under.wait > 0;
  }

  /** Whether so many waits are all that is under way. */
  isOnly(waits: number): boolean {
    return this.#under.step === 0 && this.#under.wait === waits;
  }

  /** Calls `late` when it has worked so many milliseconds, once; while it does nothing but wait, the clock stands. */
  limit(ms: number, late: () => void): void {
    let off = nothing;
    const look = (): void => {
      off();
      off = nothing;
      const left = ms - this.#worked();
      if (this.#isOver) return;
      if (left <= 0) {
        this.#changed = nothing;
        late();
      } else if (this.#since !== undefined) off = alarm(this.clock, left, look);
    };
    this.#changed = look;
    look();
  }

  /** The run is over, whatever goes on of it. */
  end(): void {
    this.#isOver = true;
    this.#changed();
    this.#changed = nothing;
    for (const then of this.#atEnd.splice(0)) then();
  }

  /** Calls `then` when the run is over; at once, if it is. */
  whenOver(then: () => void): void {
    if (this.#isOver) then();
    else this.#atEnd.push(then);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  #count(activity: Activity, by: 1 | -1): void {
    this.#under[activity] += by;
    const waits = this.#under.wait > 0 && this.#under.step === 0;
    if (waits === (this.#since === undefined)) return;
    this.#workedMs = this.#worked();
    this.#since = waits ? undefined : this.#now();
    this.#changed();
  }

  #worked(): number {
    return this.#workedMs + (this.#since === undefined ? 0 : this.#now() - this.#since);
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}

function nothing(): void {}
