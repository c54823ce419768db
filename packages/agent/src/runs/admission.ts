/** Whether what is new in a run may be done: not while something finished is still to come, whose place it may be in. */
import type { JournalRunParts } from './journal-run-parts.js';
import type { JournalEntry } from './journal-entry.js';
import type { Taken } from './journal.js';
import type { ContradictionError } from './contradiction.js';
import { isInStep } from './lineage.js';
import { TURNS, type Stillness } from './stillness.js';

interface Parts extends Pick<JournalRunParts, 'journal'> {
  readonly stillness: Stillness;
  /** Whether nothing works, and nothing has happened for a while. */
  readonly isQuiet: () => boolean;
  /** Holds the task, and never resolves. */
  readonly hold: (contradiction: ContradictionError) => Promise<never>;
}

export class Admission {
  /** Operations of which it isn't known yet whether they are admitted; those among them that may be code that was moved. */
  readonly #undecided = new Map<Taken, boolean>();

  constructor(private readonly parts: Parts) {}

  get isOpen(): boolean {
    return this.#undecided.size > 0;
  }

  /**
   * Where the operation was recorded, if it `mayBe` moved code; undefined when nothing that is recorded is missing. Holds the
   * task, and never resolves, when the code has gone another way than the journal.
   */
  async moved(taken: Taken, mayBe: boolean): Promise<JournalEntry | undefined> {
    const { journal, stillness, isQuiet, hold } = this.parts;
    this.#undecided.set(taken, mayBe);
    for (let turn = 0; ; turn += 1) {
      const contradiction = journal.against(taken);
      if (contradiction === undefined) break;
      // What goes on inside of a step keeps the run from being quiet.
      if (taken.rival !== undefined && isInStep(taken.operation)) return hold(contradiction);
      if (turn > TURNS && isQuiet()) {
        const moved = mayBe ? journal.elsewhere(taken.operation) : undefined;
        if (moved !== undefined) {
          this.#undecided.delete(taken);
          return moved;
        }
        if (!this.#someWillMove()) return hold(contradiction);
      }
      await stillness.pass(turn);
    }
    this.#undecided.delete(taken);
    return undefined;
  }

  /** Whether code that was moved has only to be told so: what follows it may ask for what is missing. */
  #someWillMove(): boolean {
    const { journal } = this.parts;
    return [...this.#undecided].some(([{ operation }, mayBe]) => mayBe && journal.isElsewhere(operation));
  }
}
