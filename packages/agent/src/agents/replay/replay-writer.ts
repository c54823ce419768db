/** Takes what an agent says in a replay, and keeps nothing of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TerminalError } from '../../platform/errors.js';
import type { EventWriter } from '../run-events.js';

/** Things said in one turn of the event loop: after so many the agent waits, and so many fail it. */
const ROOM = 200;
const MOST_AT_ONCE = 20_000;

export class ReplayWriter implements EventWriter {
  #said = 0;

  write(): void {
    this.admit();
    if (this.#said === 0) setImmediate(() => (this.#said = 0));
    this.#said += 1;
  }

  repeat(): void {
    this.write();
  }

  end(): void {}

  /** An agent that never waits would never let the replay end. */
  admit(): void {
    if (this.#said >= MOST_AT_ONCE) throw new TerminalError('The agent says more than can be stored.');
  }

  async room(): Promise<void> {
    if (this.#said > ROOM) await nextTurn();
  }

  committed(): Promise<void> {
    return Promise.resolve();
  }
}
