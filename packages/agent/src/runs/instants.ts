/** Times of a run that keep the order in which things happened, also within a millisecond. */
import type { Clock } from '../platform/clock.js';

export class Instants {
  #last = 0;

  constructor(private readonly clock: Clock) {}

  /** Now, as ISO 8601, later than every time before: what happens in the same millisecond is a microsecond apart. */
  next(): string {
    this.#last = Math.max(this.clock.now().getTime() * 1_000, this.#last + 1);
    const micros = this.#last % 1_000;
    const time = new Date((this.#last - micros) / 1_000).toISOString();
    return micros === 0 ? time : `${time.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
  }
}
