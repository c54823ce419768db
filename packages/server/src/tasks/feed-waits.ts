/** Who waits for the next commit in which scope: each feed is woken for its own owner or session alone. */
import { Groups } from '../platform/groups.js';
import { scopeMark, type Scope } from './channel.js';

/** Something was committed just now; or it is time for a look, as it may have been. */
export type Touch = 'committed' | 'look';

/** Which transactions are over, by their ids. */
export interface Horizon {
  /** No transaction that is under way has a lower one. */
  readonly oldest: bigint;
  /** None that has begun has this one, or a higher one. */
  readonly next: bigint;
}

/** One feed, for as long as it is open. */
export class FeedWait {
  #touch: Touch | undefined;
  #again = false;
  /** How it was at the first poll since then, and at the last one. */
  #asked: Horizon | undefined;
  #seen: Horizon | undefined;
  #wake: () => void = () => undefined;

  constructor(readonly scope: Scope) {}

  touch(how: Touch): void {
    if (this.#touch !== 'committed') this.#touch = how;
    this.#wake();
  }

  /**
   * Reading has failed, or what was told of is not to be seen yet: polls are time for another try, until every transaction
   * is over that may hide it.
   */
  again(): void {
    this.#again = true;
    this.#asked = undefined;
    this.#seen = undefined;
  }

  get waitsForPoll(): boolean {
    return this.#again;
  }

  polled(horizon: Horizon): void {
    if (!this.#again) return;
    const before = this.#seen;
    this.#seen = horizon;
    // Another cluster counts anew.
    if (this.#asked === undefined || (before !== undefined && horizon.oldest < before.oldest)) this.#asked = horizon;
    this.#again = horizon.oldest < this.#asked.next;
    if (horizon.oldest !== before?.oldest) this.touch('look');
  }

  /** Ends the wait, also where there is nothing to see. */
  wake(): void {
    this.#wake();
  }

  /** Resolves when it was touched since it last did so, or is woken. */
  touched(): Promise<Touch | undefined> {
    if (this.#touch !== undefined) return Promise.resolve(this.#taken());
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = () => undefined;
        resolve(this.#taken());
      };
    });
  }

  #taken(): Touch | undefined {
    const touch = this.#touch;
    this.#touch = undefined;
    return touch;
  }
}

export class FeedWaits {
  readonly #byMark = new Groups<FeedWait>();
  /** One of each scope that somebody follows; undefined when that has changed since. */
  #scopes: readonly Scope[] | undefined;

  enter(scope: Scope): { readonly wait: FeedWait; readonly leave: () => void } {
    const wait = new FeedWait(scope);
    const takeOut = this.#byMark.add(scopeMark(scope), wait);
    this.#scopes = undefined;
    const leave = (): void => {
      takeOut();
      this.#scopes = undefined;
    };
    return { wait, leave };
  }

  /** How many have ever begun to wait. */
  get entered(): number {
    return this.#byMark.added;
  }

  /** Whether one waits for another try. */
  get anyWaitsForPoll(): boolean {
    return this.#byMark.items.some(({ waitsForPoll }) => waitsForPoll);
  }

  /** Once each, however many follow it. */
  get scopes(): readonly Scope[] {
    this.#scopes ??= [...new Map(this.#byMark.items.map(({ scope }) => [JSON.stringify(scope), scope])).values()];
    return this.#scopes;
  }

  touch(marks: Iterable<string> | 'any', how: Touch): void {
    for (const mark of marks === 'any' ? this.#byMark.keys : marks) {
      for (const wait of this.#byMark.of(mark)) wait.touch(how);
    }
  }

  /** The database answers. */
  polled(horizon: Horizon): void {
    for (const wait of this.#byMark.items) wait.polled(horizon);
  }

  wakeAll(): void {
    for (const wait of this.#byMark.items) wait.wake();
  }
}
