/** Counts things by name in their places, until a place begins anew. */
export class Counts {
  readonly #places = new Map<string, Map<string, number>>();

  /** How often `name` came in the place, this time included. */
  next(place: string, name: string): number {
    let names = this.#places.get(place);
    if (names === undefined) this.#places.set(place, (names = new Map()));
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return count;
  }

  forget(place: string): void {
    this.#places.delete(place);
  }
}
