/** Whether this instance should be given work: what requests need of the database works, and it is not about to stop. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, unavailable } from '@continuo/agent/internal/platform/errors.js';
import type { Database } from './database.js';

const ANSWER_MS = 2_000;

export class Readiness {
  #draining = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    /** Whether others know this instance as alive: its heartbeats are heard. */
    private readonly isHeard: () => boolean,
  ) {}

  /** From now on the instance is not ready any more. */
  drain(): void {
    this.#draining = true;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Throws UNAVAILABLE when the instance is about to stop: another one takes the work. */
  refuseWhenDraining(): void {
    if (!this.#draining) return;
    throw new ContinuoError('UNAVAILABLE', 'The server is stopping; nothing was accepted. Try again.', {
      retryAfterSeconds: 1,
    });
  }

  /** Throws UNAVAILABLE, saying why, when this instance should get no requests. */
  async check(): Promise<void> {
    this.refuseWhenDraining();
    // A heartbeat goes the way of everything that is stored: while none is heard, nothing can be accepted.
    if (!this.isHeard()) throw unavailable(new Error('no heartbeat was heard within the lease'));
    const answered = new AbortController();
    const ping = this.database.ping().then(() => true);
    const late = this.clock.sleep(ANSWER_MS, answered.signal).then(() => false);
    late.catch(() => undefined);
    const inTime = await Promise.race([ping, late]).catch((error: unknown) => {
      throw unavailable(error);
    });
    answered.abort();
    ping.catch(() => undefined);
    if (!inTime) throw unavailable();
  }
}
