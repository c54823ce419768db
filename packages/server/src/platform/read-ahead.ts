/** Slices of texts whose readers haven't taken all of them yet: so many as fit, and those of the readers that took something last. */

/** Part of a text in UTF-8, of which the reader has taken what is before `at`. */
export interface Slice {
  readonly bytes: Buffer;
  readonly at: number;
}

export class ReadAhead {
  readonly #slices = new Map<object, Slice>();
  #held = 0;

  /** `mostBytes` are held together. */
  constructor(private readonly mostBytes: number) {}

  /** What is held for the reader, who may have lost it to others that were quicker. */
  take(reader: object): Slice | undefined {
    const slice = this.#slices.get(reader);
    if (slice === undefined) return undefined;
    this.#slices.delete(reader);
    this.#held -= slice.bytes.length;
    return slice;
  }

  /** Nothing of one that alone is too much. */
  keep(reader: object, slice: Slice): void {
    this.take(reader);
    this.#slices.set(reader, slice);
    this.#held += slice.bytes.length;
    for (const longest of this.#slices.keys()) {
      if (this.#held <= this.mostBytes) return;
      this.take(longest);
    }
  }
}
