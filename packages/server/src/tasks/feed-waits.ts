/** Who waits for the next commit in which scope: each feed is woken for its own owner or session alone. */
import { Groups } from '../platform/groups.js';
import { scopeMark, type Scope } from './channel.js';

/** Something was committed just now; or it is time for a look, as it may have been. */
export type Touch = 'committed' | 'look';

/** One feed, for as long as it is open. */
export class FeedWait {
  #touch: Touch | undefined;
  #again = false;
  #wake: () => void = () => undefined;

  constructor(readonly scope: Scope) {}

  touch(how: Touch): void {
    if (this.#touch !== 'committed') this.#touch = how;
    this.#wake();
  }

  /** Reading has failed, or what was told of is not to be seen yet: the next poll is time for another try. */
  again(): void {
    this.#again = true;
  }

  get waitsForPoll(): boolean {
    return this.#again;
  }

  polled(): void {
    if (!this.#again) return;
    this.#again = false;
    this.touch('look');
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
  polled(): void {
    for (const wait of this.#byMark.items) wait.polled();
  }

  wakeAll(): void {
    for (const wait of this.#byMark.items) wait.wake();
  }
}
