/** The time that all instances share: this machine's, set right by the database's where the two differ. */
import { alarm, systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from './background-loop.js';
import type { Queryable } from './database.js';
import type { Log } from './log.js';

/** Clocks that NTP keeps differ by less; times within an instance then pass as its machine counts them. */
const TOLERANCE_MS = 1_000;
const MEASURE_EVERY_MS = 30_000;

/**
 * Stored times (when a task begins, a question, a key or a share expires, a webhook is sent again) are compared by every
 * instance, so each has to mean the same moment to all. Until `start`, and while the database is away, it goes as last set.
 */
export class DatabaseClock implements Clock {
  #aheadMs = 0;
  #loop: BackgroundLoop | undefined;

  constructor(private readonly own: Clock = systemClock) {}

  now(): Date {
    return new Date(this.own.now().getTime() - this.#aheadMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.own.sleep(ms, signal);
  }

  after(ms: number, ring: () => void): () => void {
    return alarm(this.own, ms, ring);
  }

  /** Resolves when the clock is right, and keeps it so; warns of a machine whose clock is not. */
  async start(database: Queryable, log: Log): Promise<void> {
    await this.#measure(database, log);
    const failed = (error: unknown): void => log.debug({ err: messageOf(error) }, 'the clock was not compared');
    this.#loop = new BackgroundLoop(() => this.#measure(database, log), MEASURE_EVERY_MS, failed, this.own);
    this.#loop.start(MEASURE_EVERY_MS);
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
  }

  async #measure(database: Queryable, log: Log): Promise<void> {
    const asked = this.own.now().getTime();
    const [row] = await database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    const answered = this.own.now().getTime();
    if (row === undefined) return;
    const aheadMs = Math.round((asked + answered) / 2 - row.at.getTime());
    // What the answer took is not known better than this.
    const tolerated = TOLERANCE_MS + (answered - asked) / 2;
    if (Math.abs(aheadMs - this.#aheadMs) <= tolerated) return;
    this.#aheadMs = Math.abs(aheadMs) <= tolerated ? 0 : aheadMs;
    const difference = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's`;
    if (this.#aheadMs === 0) log.info("this machine's clock and the database's agree again");
    else log.warn({ aheadMs }, `this machine's clock is ${difference}; going by the database's. Are both kept by NTP?`);
  }
}
