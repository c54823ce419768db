/** Items in groups by a key, each for as long as it is there: a group that is empty is gone. */
export class Groups<Item> {
  readonly #byKey = new Map<string, Set<Item>>();
  #added = 0;

  /** How many items were ever added. */
  get added(): number {
    return this.#added;
  }

  get keys(): readonly string[] {
    return [...this.#byKey.keys()];
  }

  /** Every item of every group. */
  get items(): readonly Item[] {
    return [...this.#byKey.values()].flatMap((group) => [...group]);
  }

  of(key: string): Iterable<Item> {
    return this.#byKey.get(key) ?? [];
  }

  /** What it returns takes the item out again. */
  add(key: string, item: Item): () => void {
    this.#added += 1;
    const group = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, group.add(item));
    return () => {
      group.delete(item);
      if (group.size === 0 && this.#byKey.get(key) === group) this.#byKey.delete(key);
    };
  }
}
