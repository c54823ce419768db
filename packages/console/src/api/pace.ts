/** How soon something is read again: its reads take a share of the server's time, and one slow answer holds nothing back. */

interface PaceOptions {
  /** After a read of a second, so many seconds pass. */
  readonly share: number;
  /** However slow the server is. */
  readonly mostMs: number;
}

export class Pace {
  #last = 0;
  #before = 0;

  constructor(private readonly options: PaceOptions) {}

  /** Reads, and notes how long that takes. */
  async time<Result>(read: () => Promise<Result>): Promise<Result> {
    const begun = performance.now();
    const result = await read();
    this.#before = this.#last;
    this.#last = performance.now() - begun;
    return result;
  }

  /** How long to wait, in milliseconds: by the faster one of the last two reads. */
  get waitMs(): number {
    const { share, mostMs } = this.options;
    return Math.min(mostMs, share * Math.min(this.#last, this.#before));
  }
}
