/** How far a run is: what its agent reports, and what its children add to it. It never goes back. */

export interface Span {
  readonly base: number;
  readonly size: number;
}

export class RunProgress {
  /** As far as the agent's code says; the same in every run of it. */
  #planned = 0;

  constructor(
    /** What the task showed last. */
    private shown: number,
  ) {}

  /** The agent reports `fraction`; answers with what is to be shown. */
  report(fraction: number): number {
    this.#planned = Math.max(this.#planned, rounded(Math.min(1, Math.max(0, fraction))));
    this.shown = Math.max(this.shown, this.#planned);
    return this.shown;
  }

  /** Sets a part aside for children: `share` of the whole, or `ofTheRest` of what is left. */
  setAside(share: number | undefined, ofTheRest: number): Span {
    const base = this.#planned;
    const size = Math.min(share ?? (1 - base) * ofTheRest, 1 - base);
    this.#planned = rounded(base + size);
    return { base, size };
  }

  /** Children have done `fraction` of their part; what is to be shown, or undefined when that shows nothing new. */
  advance({ base, size }: Span, fraction: number): number | undefined {
    const reached = rounded(base + size * fraction);
    if (reached <= this.shown) return undefined;
    this.shown = reached;
    return reached;
  }
}

/** Sums of shares are no round numbers in floating point. */
function rounded(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
