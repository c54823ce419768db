/** Work that a server does again and again beside everything else, until it stops. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';

export class BackgroundLoop {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly work: () => Promise<void>,
    private readonly everyMs: number,
    /** What the work throws; the next time comes all the same. */
    private readonly onFailure: (error: unknown) => void,
    private readonly clock: Clock,
  ) {}

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** `firstAfterMs`: for whoever has just done the work. Default: it is done at once. */
  start(firstAfterMs = 0): void {
    this.#running = this.#loop(firstAfterMs);
  }

  /** Resolves when the work under way is done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Resolves after `ms`, or as soon as the loop is told to stop. */
  async pause(ms: number): Promise<void> {
    await this.clock.sleep(ms, this.#stop.signal).catch(() => undefined);
  }

  async #loop(firstAfterMs: number): Promise<void> {
    if (firstAfterMs > 0) await this.pause(firstAfterMs);
    while (!this.stopped) {
      try {
        await this.work();
      } catch (error) {
        this.onFailure(error);
      }
      await this.pause(this.everyMs);
    }
  }
}
