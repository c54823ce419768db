/** One tab of a browser at a time has the turn. A lock of the browser says which: it is free again when that tab is closed or dies. */

/** Has the turn until `over`, or until it resolves: with whether this tab wants another one. */
type Holder = (over: AbortSignal) => Promise<boolean>;

export class Turns {
  readonly #ended = new AbortController();
  #waiting = new AbortController();

  constructor(
    private readonly name: string,
    private readonly hold: Holder,
  ) {
    void this.#queue({ steal: false });
  }

  /** Takes the turn from a tab that doesn't answer any more. */
  steal(): void {
    if (this.#ended.signal.aborted) return;
    this.#waiting.abort();
    void this.#queue({ steal: true });
  }

  stop(): void {
    this.#ended.abort();
    this.#waiting.abort();
  }

  /** One turn after the other; one that another tab has taken is waited for again. */
  async #queue({ steal }: { readonly steal: boolean }): Promise<void> {
    let wanted = true;
    for (let taking = steal; wanted && !this.#ended.signal.aborted; taking = false) wanted = await this.#turn(taking);
  }

  /** Answers with whether to wait for another one. */
  async #turn(steal: boolean): Promise<boolean> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const over = new AbortController();
    const end = (): void => over.abort();
    this.#ended.signal.addEventListener('abort', end);
    try {
      const options = steal ? { steal } : { signal: waiting.signal };
      return await navigator.locks.request(this.name, options, () => this.hold(over.signal));
    } catch {
      // Another tab has taken it; or this one has given up waiting, in order to take it itself.
      return !waiting.signal.aborted;
    } finally {
      over.abort();
      this.#ended.signal.removeEventListener('abort', end);
    }
  }
}
