/** Lets so many do something at the same time; the others wait for their turn, in the order in which they came. */

export interface Patience {
  /** Milliseconds. */
  readonly ms: number;
  /** What whoever has waited for so long in vain is told. */
  readonly late: () => Error;
}

export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs `work` when there is a place for it. Throws `late`, having done nothing, when that takes too long. Default: never. */
  async take<Result>(work: () => Promise<Result>, patience?: Patience): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(patience);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #turn(patience: Patience | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.#waiting.delete(enter);
        clearTimeout(timer);
        resolve();
      };
      const timer =
        patience &&
        setTimeout(() => {
          this.#waiting.delete(enter);
          reject(patience.late());
        }, patience.ms);
      this.#waiting.add(enter);
    });
  }
}
