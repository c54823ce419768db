/** Gives what is finished to the agent's flows in the order in which it was recorded. */
import { setImmediate } from 'node:timers';

interface Expected {
  readonly seq: number;
  /** Gives it; undefined as long as it is not at hand. */
  go: (() => void) | undefined;
}

/**
 * Whoever asks first and however long reading it takes: what raced with each other in an earlier run ends the same way in
 * this one.
 */
export class Delivery {
  /** What is recorded, was asked for, and is not given yet. */
  readonly #expected = new Set<Expected>();
  #scheduled = false;

  /** What was recorded as number `seq` is asked for. Call `come` when it is at hand, or `cancel` when it never will be. */
  expect(seq: number): DeliveryTurn {
    return this.#turn(seq, false);
  }

  /** The same for what this run records as number `seq`: where it is the only one, nothing can come before it. */
  expectNew(seq: number): DeliveryTurn {
    return this.#turn(seq, true);
  }

  #turn(seq: number, isNew: boolean): DeliveryTurn {
    const expected: Expected = { seq, go: undefined };
    this.#expected.add(expected);
    return {
      come: () => {
        if (isNew && !this.#scheduled && this.#expected.size === 1) {
          this.#expected.delete(expected);
          return undefined;
        }
        return new Promise((go) => {
          expected.go = go;
          this.#schedule();
        });
      },
      cancel: () => {
        if (this.#expected.delete(expected)) this.#schedule();
      },
    };
  }

  /** Whether something is still to be given. */
  get isUnderWay(): boolean {
    return this.#expected.size > 0;
  }

  /** One in each turn of the event loop: the flow that was given it goes on before the next. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const first = this.#first();
      if (first?.go === undefined) return;
      this.#expected.delete(first);
      first.go();
      // Also when nothing is expected: what comes while that flow goes on comes behind it.
      this.#schedule();
    });
  }

  #first(): Expected | undefined {
    let first: Expected | undefined;
    for (const expected of this.#expected) if (first === undefined || expected.seq < first.seq) first = expected;
    return first;
  }
}

export interface DeliveryTurn {
  /** Resolves when everything before it has been given, and those flows have gone on; undefined where nothing is. */
  come(): Promise<void> | undefined;
  cancel(): void;
}

/** What an operation gives back, and when it may be given. */
export interface Kept<Result> {
  readonly value: Result;
  readonly turn: DeliveryTurn;
}
