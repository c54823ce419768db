/** One attempt of a step: what its code still does through the task once the attempt is over is refused. */

/** It gave something back, or it failed, perhaps because its time was over. */
type How = 'done' | 'failed' | 'late';

const reasons = new WeakSet<object>();

/** Whether it is thrown where the code of an attempt goes on that is over: nobody waits for it, and it is no error of the task. */
export function isOfAttempt(error: unknown): boolean {
  // Not by its class: an agent may throw what must not be looked at.
  return typeof error === 'object' && error !== null && reasons.has(error);
}

export class Attempt {
  #how: How | undefined;
  #reason: Error | undefined;
  #hurried: AbortSignal | undefined;
  readonly #listeners = new Set<(how: How) => void>();
  /** What is not to go on into the next attempt, and has not come to its end. */
  readonly #lent = new Set<Promise<unknown>>();

  constructor(
    private readonly step: string,
    private readonly timeoutMs: number | undefined,
  ) {}

  /** The first end counts. */
  end(how: How): void {
    if (this.#how !== undefined) return;
    this.#how = how;
    for (const listener of this.#listeners) listener(how);
    this.#listeners.clear();
  }

  /** Why it is over. */
  get reason(): Error {
    if (this.#reason === undefined) {
      const late = `did not finish within ${this.timeoutMs} ms.`;
      this.#reason = new Error(`Step "${this.step}" ${this.#how === 'late' ? late : 'has ended this attempt.'}`);
      reasons.add(this.#reason);
    }
    return this.#reason;
  }

  /** Whether it is over without a result. */
  get hasFailed(): boolean {
    return this.#how === 'failed' || this.#how === 'late';
  }

  /** `outer`, also aborted when the attempt's time is over. */
  hurried(outer: AbortSignal): AbortSignal {
    if (this.timeoutMs === undefined) return outer;
    this.#hurried ??= this.#endsWith(outer, (how) => how === 'late');
    return this.#hurried;
  }

  /** `outer`, also aborted when the attempt has failed. */
  untilItFails(outer: AbortSignal): AbortSignal {
    return this.#endsWith(outer, (how) => how !== 'done');
  }

  /** Does `work` for code in the attempt, which waits for it until the attempt has failed. Rejects at once, if it has. */
  during<Result>(work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const off = this.#whenOver(() => {
        if (this.hasFailed) reject(this.reason);
      });
      if (this.hasFailed) return;
      const done = work();
      done.then(resolve, reject);
      done.then(off, off);
    });
  }

  /** Does `work`, whose signal is aborted when the attempt is over: the next one begins when it has come to its end. */
  async lend<Result>(work: (over: AbortSignal) => Promise<Result>): Promise<Result> {
    const over = new AbortController();
    const off = this.#whenOver(() => over.abort(this.reason));
    const done = work(over.signal).finally(off);
    this.#lent.add(done);
    try {
      return await done;
    } finally {
      this.#lent.delete(done);
    }
  }

  /** Resolves when all that was lent has come to its end. */
  async settled(): Promise<void> {
    if (this.#lent.size > 0) await Promise.allSettled(this.#lent);
  }

  #endsWith(outer: AbortSignal, ends: (how: How) => boolean): AbortSignal {
    const own = new AbortController();
    this.#whenOver((how) => {
      if (ends(how)) own.abort(this.reason);
    });
    return AbortSignal.any([outer, own.signal]);
  }

  /** At once, if it is over. */
  #whenOver(listener: (how: How) => void): () => void {
    if (this.#how === undefined) this.#listeners.add(listener);
    else listener(this.#how);
    return () => this.#listeners.delete(listener);
  }
}
