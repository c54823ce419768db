/** Room for so many pieces of work at once, and so much of what they hold. */

export class Room {
  #count = 0;
  #held = 0;
  #failure: { readonly error: unknown } | undefined;
  #changed: () => void = () => undefined;

  constructor(
    private readonly most: number,
    private readonly mostHeld: number,
  ) {}

  /** Resolves when `work` has begun; what is larger than the room has it to itself. Throws what earlier work has thrown. */
  async enter(size: number, work: () => Promise<void>): Promise<void> {
    await this.#until(() => this.#count < this.most && (this.#count === 0 || this.#held + size <= this.mostHeld));
    this.#count += 1;
    this.#held += size;
    const left = (): void => {
      this.#count -= 1;
      this.#held -= size;
      this.#changed();
    };
    work().then(left, (error: unknown) => {
      this.#failure ??= { error };
      left();
    });
  }

  /** Resolves when all work is done. */
  empty(): Promise<void> {
    return this.#until(() => this.#count === 0);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
