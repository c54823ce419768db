/** Whether anything happens in a run: what its code has not asked for by then counts as gone from it. */
import { setImmediate } from 'node:timers/promises';
import type { JournalRunParts } from './journal-run-parts.js';

/** How long nothing may happen in a run before it is quiet. */
const QUIET_MS = 3_000;
/** Turns of the event loop that are waited for one by one. */
export const TURNS = 20;
const LOOK_EVERY_MS = 25;

export class Stillness {
  #stirredAt: number;
  #stirs = 0;

  constructor(private readonly parts: Pick<JournalRunParts, 'clock' | 'signal' | 'quietMs'>) {
    this.#stirredAt = parts.clock.now().getTime();
  }

  /** Something has happened. */
  stir(): void {
    this.#stirs += 1;
    this.#stirredAt = this.parts.clock.now().getTime();
  }

  /** How often something has happened. */
  get stirs(): number {
    return this.#stirs;
  }

  get isQuiet(): boolean {
    return this.parts.clock.now().getTime() - this.#stirredAt >= (this.parts.quietMs ?? QUIET_MS);
  }

  /** Lets everything else come along, more seldom the longer that takes. Throws when the run ends. */
  async pass(turn: number): Promise<void> {
    const { clock, signal } = this.parts;
    if (turn < TURNS) await setImmediate();
    else await clock.sleep(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }
}
