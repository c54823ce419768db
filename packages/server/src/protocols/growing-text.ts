/** A text that comes in pieces and may be begun anew: for protocols that can add to what was said and never take it back. */

/** How much of a text is kept to compare with one that takes its place; of a longer one the whole is said again. */
const MOST_KEPT = 1_048_576;

/** What is new of a text. */
export interface Growth {
  readonly text: string;
  /** It stands in the place of all that was said before. */
  readonly anew: boolean;
}

/**
 * A step that a crash broke off is done again, and what it had said is replaced: as far as the new text says the same, it
 * was said; where it says something else, it is a new text.
 */
export class GrowingText {
  #said = '';
  /** Of the text that takes its place what has come so far; undefined: nothing takes its place. */
  #again: string | undefined;

  /** Begins in the place of what was said. */
  replace(): void {
    this.#again = '';
  }

  add(piece: string): Growth | undefined {
    if (this.#again === undefined) {
      if (this.#said.length <= MOST_KEPT) this.#said += piece;
      return piece === '' ? undefined : { text: piece, anew: false };
    }
    const again = this.#again + piece;
    if (again.length <= this.#said.length && this.#said.startsWith(again)) {
      this.#again = again;
      return undefined;
    }
    const goesOn = this.#said.length <= MOST_KEPT && again.startsWith(this.#said);
    const growth = goesOn ? { text: again.slice(this.#said.length), anew: false } : { text: again, anew: true };
    this.#said = again;
    this.#again = undefined;
    return growth;
  }

  /** The whole of it has come: what says less than was said is a new text, too. */
  end(): Growth | undefined {
    const again = this.#again;
    if (again === undefined || again === this.#said || again === '') return undefined;
    this.#said = again;
    this.#again = undefined;
    return { text: again, anew: true };
  }
}
