/** How many requests are under way at once, of one owner and of all: owners whose receivers are slow leave room for others. */

export class Places {
  readonly #taken = new Map<string, number>();
  #all = 0;
  /** Who waits, by owner; the owner whose turn it is stands first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(
    private readonly mostOfOne: number,
    private readonly most: number,
  ) {}

  /** Resolves when there is a place, which is taken until the function that it answers with is called. */
  async enter(owner: string): Promise<() => void> {
    if (this.#hasRoom(owner)) this.#take(owner);
    else {
      await new Promise<void>((resolve) => {
        const before = this.#waiting.get(owner);
        if (before === undefined) this.#waiting.set(owner, [resolve]);
        else before.push(resolve);
      });
    }
    let inside = true;
    return () => {
      if (inside) this.#leave(owner);
      inside = false;
    };
  }

  #hasRoom(owner: string): boolean {
    return this.#all < this.most && (this.#taken.get(owner) ?? 0) < this.mostOfOne;
  }

  #take(owner: string): void {
    this.#all += 1;
    this.#taken.set(owner, (this.#taken.get(owner) ?? 0) + 1);
  }

  #leave(owner: string): void {
    this.#all -= 1;
    const left = (this.#taken.get(owner) ?? 1) - 1;
    if (left === 0) this.#taken.delete(owner);
    else this.#taken.set(owner, left);
    this.#next();
  }

  /** Gives the place to the first owner in line who may have one; he stands last then. */
  #next(): void {
    for (const [owner, waiting] of this.#waiting) {
      if (!this.#hasRoom(owner)) continue;
      const resolve = waiting.shift();
      this.#waiting.delete(owner);
      if (waiting.length > 0) this.#waiting.set(owner, waiting);
      this.#take(owner);
      resolve?.();
      return;
    }
  }
}
