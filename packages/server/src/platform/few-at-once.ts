/** Lets so many in at the same time; the others wait for their turn, but not for long. */

/** Code ETIMEDOUT: whoever can try again does. */
class NotLetIn extends Error {
  readonly code = 'ETIMEDOUT';
}

export class FewAtOnce {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly most: number,
    private readonly waitMs: number,
  ) {}

  /** In the order of the calls. Throws, having done nothing, when it isn't the turn of `work` within the time. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside < this.most) this.#inside += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }

  /** Resolves when another one leaves its place. */
  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.#waiting.delete(enter);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(enter);
        reject(new NotLetIn(`more than ${this.most} statements that take their time are under way`));
      }, this.waitMs);
      this.#waiting.add(enter);
    });
  }
}
