/** Tells that something has changed; what it is now, whoever watches asks. */
export class Watchers {
  readonly #all = new Set<() => void>();

  /** Answers with how to stop; fit for `useSyncExternalStore`. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#all.add(watcher);
    return () => this.#all.delete(watcher);
  };

  tell(): void {
    for (const watcher of this.#all) watcher();
  }
}
