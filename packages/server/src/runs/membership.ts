/** Keeps this instance known as alive, and tells when it has been taken for dead. */
import { hostname } from 'node:os';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import { refuseNewer } from '../platform/schema-watch.js';
import { beat, changeAgents, leave, registerInstance, type OwnAgents } from './instances.js';

export class Membership {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #id = newId();
  #agents: OwnAgents | undefined;
  #heardSince: number | undefined;
  /** When the last heartbeat was sent that was heard; milliseconds since 1970. */
  #heardAt = 0;
  #doubters: (() => void)[] = [];

  /** It has joined, or tried to. */
  #isKnown = false;

  constructor(
    private readonly database: Database,
    private readonly heartbeatMs: number,
    private readonly leaseMs: number,
    private readonly clock: Clock,
    private readonly log: Log,
    /** Called when others have taken over what ran here. */
    private readonly onLost: () => void,
  ) {}

  get id(): string {
    return this.#id;
  }

  /** `agents`: what this instance can run; default everything. Throws DATABASE_NEWER when a newer version takes over. */
  async join(agents?: OwnAgents): Promise<void> {
    this.#agents = agents;
    this.#heardAt = this.clock.now().getTime();
    this.#isKnown = true;
    await registerInstance(this.database, this.#id, hostname(), process.pid, agents);
    await refuseNewer(this.database).catch(async (error: unknown) => {
      await leave(this.database, this.#id);
      throw error;
    });
    this.#heardSince = -Infinity;
    this.#running = this.#beat();
  }

  /** What this instance can run from now on; after `join`. */
  async change(agents: OwnAgents): Promise<void> {
    this.#agents = agents;
    await changeAgents(this.database, this.#id, agents);
  }

  /** Whether every heartbeat of the last `ms` was heard: only who was connected all the time may judge others. */
  connectedFor(ms: number): boolean {
    return this.#heardSince !== undefined && this.clock.now().getTime() - this.#heardSince >= ms;
  }

  isHeard(): boolean {
    return this.silentMs < this.leaseMs;
  }

  /** Milliseconds since the last heartbeat was sent that was heard. */
  get silentMs(): number {
    return this.clock.now().getTime() - this.#heardAt;
  }

  /**
   * Undefined while nobody can have taken this instance for dead. A process that was paused, or cut off, for longer than
   * its lease waits for its next heartbeat, which tells.
   */
  entitled(): Promise<void> | undefined {
    if (this.isHeard() || this.#stop.signal.aborted) return undefined;
    return new Promise<void>((resolve) => this.#doubters.push(resolve));
  }

  /** `inOrder`: what ran here did not make it stop. */
  async leave(inOrder = true): Promise<void> {
    this.#stop.abort();
    this.#noDoubt();
    await this.#running;
    // A start that failed before this had joined leaves nothing to sign off from, maybe not even a database.
    if (!this.#isKnown) return;
    await leave(this.database, this.#id, inOrder).catch((error: unknown) => {
      this.log.warn({ err: messageOf(error) }, 'could not sign off; others will notice when the lease ends');
    });
  }

  async #beat(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const asked = this.clock.now().getTime();
      try {
        const alive = await beat(this.database, this.#id, this.leaseMs);
        const took = this.clock.now().getTime() - asked;
        if (took > this.heartbeatMs * 2) this.#heardSince = this.clock.now().getTime();
        else this.#heardSince ??= this.clock.now().getTime();
        if (!alive) await this.#rejoin();
        this.#heardAt = asked;
        this.#noDoubt();
      } catch (error) {
        this.#heardSince = undefined;
        this.log.warn({ err: messageOf(error) }, 'heartbeat failed, will try again');
      }
      await this.clock.sleep(this.heartbeatMs, this.#stop.signal).catch(() => undefined);
    }
  }

  #noDoubt(): void {
    for (const resolve of this.#doubters.splice(0)) resolve();
  }

  /** Under a new id, so that nothing of the old one is ever valid again. */
  async #rejoin(): Promise<void> {
    this.log.warn({ instance: this.#id }, 'this instance was taken for dead and its tasks were taken over; rejoining');
    this.#id = newId();
    this.onLost();
    await registerInstance(this.database, this.#id, hostname(), process.pid, this.#agents);
    this.#heardSince = this.clock.now().getTime();
  }
}
