/** A text that comes in pieces and may be begun anew: for protocols that can add to what was said and never take it back. */

/** What a turn's texts may have in memory, to compare them with what takes their place; of a longer one the whole is said again. */
const MOST_CHARACTERS = 1_048_576;

/** Shared by the texts of a turn. */
export class TextMemory {
  left = MOST_CHARACTERS;
}

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
  /** It was too long: nothing is known of what was said. */
  #isForgotten = false;
  /** How much of what was said the text that takes its place has said again; undefined: nothing takes its place. */
  #repeated: number | undefined;

  constructor(private readonly memory: TextMemory) {}

  /** Begins in the place of what was said. */
  replace(): void {
    this.#repeated = 0;
  }

  /** Puts in front of it what was said before. Not while it begins in the place of what was said. */
  goOnFrom(earlier: GrowingText): void {
    const text = earlier.#said + this.#said;
    this.#isForgotten ||= earlier.#isForgotten;
    earlier.#remember('');
    this.#remember(text);
  }

  add(piece: string): Growth | undefined {
    const repeated = this.#repeated;
    if (repeated === undefined) {
      this.#remember(this.#said + piece);
      return piece === '' ? undefined : { text: piece, anew: false };
    }
    if (this.#said.startsWith(piece, repeated)) {
      this.#repeated = repeated + piece.length;
      return undefined;
    }
    const rest = this.#said.slice(repeated);
    const goesOn = !this.#isForgotten && piece.startsWith(rest);
    const again = this.#said.slice(0, repeated) + piece;
    this.#takePlace(again);
    return goesOn ? { text: piece.slice(rest.length), anew: false } : { text: again, anew: true };
  }

  /** The whole of it has come: what says less than was said is a new text, too. */
  end(): Growth | undefined {
    const again = this.#said.slice(0, this.#repeated);
    if (again === this.#said || again === '') return undefined;
    this.#takePlace(again);
    return { text: again, anew: true };
  }

  #takePlace(text: string): void {
    this.#repeated = undefined;
    this.#isForgotten = false;
    this.#remember(text);
  }

  #remember(text: string): void {
    const { memory } = this;
    memory.left += this.#said.length;
    this.#isForgotten ||= text.length > memory.left;
    this.#said = this.#isForgotten ? '' : text;
    memory.left -= this.#said.length;
  }
}
