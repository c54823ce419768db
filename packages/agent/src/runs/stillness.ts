/** Whether anything happens in a run: what its code has not asked for by then counts as gone from it. */
import { setImmediate } from 'node:timers/promises';
import type { JournalRunParts } from './journal-run-parts.js';

/** How long nothing may happen in a run before it is quiet. */
const QUIET_MS = 3_000;
/** Turns of the event loop that are waited for one by one. */
export const TURNS = 20;
/** How long a question waits for the steps beside it. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 25;

export class Stillness {
  #stirredAt: number;
  #stirs = 0;
  #nearly: Promise<void> | undefined;

  constructor(private readonly parts: Pick<JournalRunParts, 'clock' | 'signal' | 'quietMs'>) {
    this.#stirredAt = parts.clock.now().getTime();
  }

  /** Something has happened. */
  stir(): void {
    this.#stirs += 1;
    this.#stirredAt = this.#now();
  }

  get isQuiet(): boolean {
    return this.#now() - this.#stirredAt >= (this.parts.quietMs ?? QUIET_MS);
  }

  /** Resolves when `isStill` has become true, and everything else could come along meanwhile. Throws when the run ends. */
  async reached(isStill: () => boolean, end = Infinity): Promise<void> {
    let [turn, stirs] = [0, this.#stirs];
    while ((turn <= TURNS || !isStill()) && this.#now() < end) {
      await this.pass(turn);
      turn = stirs === this.#stirs ? turn + 1 : 0;
      stirs = this.#stirs;
    }
  }

  /** The same, within ten seconds; whoever waits first goes on first. */
  nearlyReached(isStill: () => boolean): Promise<void> {
    this.#nearly ??= this.reached(isStill, this.#now() + PATIENCE_MS).finally(() => (this.#nearly = undefined));
    return this.#nearly;
  }

  /** Lets everything else come along, more seldom the longer that takes. Throws when the run ends. */
  async pass(turn: number): Promise<void> {
    const { clock, signal } = this.parts;
    if (turn < TURNS) await setImmediate();
    else await clock.sleep(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
