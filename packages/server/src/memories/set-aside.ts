/** What could not be done and is left alone for a while, each longer every time: nothing else waits for it. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';

const FIRST_MS = 60_000;
const LONGEST_MS = 6 * 60 * 60_000;
const MOST = 1_000;

export class SetAside {
  /** How often each was tried, and until when it is left alone, in milliseconds since 1970. */
  readonly #failed = new Map<string, { readonly times: number; readonly until: number }>();

  constructor(private readonly clock: Clock) {}

  /** So many are left alone that no more should be tried. */
  get isFull(): boolean {
    return this.ids().length >= MOST;
  }

  /** Those that are left alone now. */
  ids(): readonly string[] {
    const now = this.clock.now().getTime();
    return [...this.#failed].filter(([, { until }]) => now < until).map(([id]) => id);
  }

  add(id: string): void {
    const times = (this.#failed.get(id)?.times ?? 0) + 1;
    // The longest known is forgotten first, and begins anew.
    this.#failed.delete(id);
    const [oldest] = this.#failed.keys();
    if (oldest !== undefined && this.#failed.size >= 2 * MOST) this.#failed.delete(oldest);
    const waits = Math.min(LONGEST_MS, FIRST_MS * 2 ** (times - 1));
    this.#failed.set(id, { times, until: this.clock.now().getTime() + waits });
  }
}
