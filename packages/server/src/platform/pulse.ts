/** One timer for all streams that say something after so much silence: thousands of them wake the process together. */

/** How often in a period all of them are looked at. */
const LOOKS = 8;

/** One stream, for as long as it is open. */
interface Beat {
  /** When it said something last, by the pulse's `now`; Infinity while it must not be interrupted. */
  since: number;
  readonly speak: () => void;
}

export class Pulse {
  readonly #beats = new Set<Beat>();
  #timer: NodeJS.Timeout | undefined;
  /** Counts looks. */
  now = 0;

  constructor(private readonly periodMs: number) {}

  /** `speak` is called whenever it has been silent for almost a period, and never for more than one. */
  enter(speak: () => void): Beat {
    const beat = { since: this.now, speak };
    this.#beats.add(beat);
    this.#timer ??= setInterval(() => this.#look(), this.periodMs / LOOKS);
    return beat;
  }

  leave(beat: Beat): void {
    this.#beats.delete(beat);
    if (this.#beats.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.now += 1;
    for (const beat of this.#beats) {
      if (this.now - beat.since < LOOKS) continue;
      beat.since = this.now;
      beat.speak();
    }
  }
}

const pulses = new Map<number, Pulse>();

/** That of all streams of this process with this period, in milliseconds. */
export function pulseOf(periodMs: number): Pulse {
  const known = pulses.get(periodMs);
  if (known !== undefined) return known;
  const made = new Pulse(periodMs);
  pulses.set(periodMs, made);
  return made;
}
