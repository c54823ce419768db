/** Runs of agents with limits: they wait in the database, and begin on whichever instance has room first. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Database } from '../platform/database.js';
import { eachAlone } from '../platform/each-alone.js';
import type { Log } from '../platform/log.js';
import {
  agentsWithRoom,
  beginRuns,
  endRuns,
  queueRun,
  removeRuns,
  storeLimits,
  type LimitedAgent,
  type QueuedRun,
} from './queue-rows.js';

/** What ends here is noticed at once; this is for places that other instances free. */
const POLL_MS = 200;
/** How soon an agent is looked at again for which nothing waits that may run here. */
const PAUSE_MS = 1_000;

export interface RunQueueParts {
  readonly database: Database;
  readonly instanceId: () => string;
  /** Keys of the agents whose tasks this instance takes. */
  readonly agents: () => readonly string[];
  /** Runs a task that has been given a place. */
  readonly begin: (id: string) => void;
  /** Told of runs that ended as their tasks wait: what came before their places were free could not begin another. */
  readonly freed: (ids: readonly string[]) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export class RunQueue {
  readonly #loop: BackgroundLoop;
  /** Runs here that have a place. */
  readonly #placed = new Set<string>();
  /** Runs that were here, and whose places are not known to be free; whether their tasks wait. */
  readonly #ended = new Map<string, boolean>();
  /** Agents for which nothing waits that may run here, and until when that is taken to be so; milliseconds since 1970. */
  readonly #paused = new Map<string, number>();
  /** Agents for which places may have been given of which it was not heard. */
  readonly #unsure = new Set<string>();
  #look: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(private readonly parts: RunQueueParts) {
    const { clock, log } = parts;
    const failed = (error: unknown): void =>
      log.debug({ err: messageOf(error) }, 'queued runs could not be begun, will try again');
    this.#loop = new BackgroundLoop(() => this.look(), POLL_MS, failed, clock);
  }

  /** Limits the agents on all instances, until one starts with other limits. Without any nothing is looked for but by `look`. */
  async start(limited: readonly LimitedAgent[]): Promise<void> {
    await storeLimits(this.parts.database, this.parts.agents(), limited);
    if (limited.length > 0) this.#loop.start();
  }

  /** No run begins here any more, once this resolves; places of those that end are freed all the same. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#look;
  }

  async add(run: QueuedRun): Promise<void> {
    await queueRun(this.parts.database, run);
    this.#paused.delete(run.agent);
    this.lookSoon();
  }

  async remove(ids: readonly string[]): Promise<void> {
    if ((await removeRuns(this.parts.database, ids)) > 0) this.lookSoon();
  }

  /** The run is over: if it had a place, that is free. `waits`: its task goes on by another one. */
  ended(id: string, waits: boolean): void {
    if (!this.#placed.delete(id)) return;
    this.#ended.set(id, waits);
    this.lookSoon();
  }

  /** Begins what may begin here, behind the look that is under way. */
  look(): Promise<void> {
    this.#next ??= this.#look.then(() => {
      this.#next = undefined;
      const look = this.#beginRuns();
      this.#look = look.catch(() => undefined);
      return look;
    });
    return this.#next;
  }

  /** When that fails, the next look does it. */
  lookSoon(): void {
    this.look().catch(() => undefined);
  }

  async #beginRuns(): Promise<void> {
    await this.freePlaces();
    if (this.#loop.stopped) return;
    const { database, agents, clock } = this.parts;
    const instanceId = this.parts.instanceId();
    const now = clock.now().getTime();
    const looked = agents().filter((agent) => now >= (this.#paused.get(agent) ?? 0));
    const waiting = new Set([...this.#unsure, ...(await agentsWithRoom(database, looked, instanceId))]);
    await eachAlone(waiting, async (agent) => {
      if (this.#loop.stopped) return;
      const known = this.#unsure.has(agent) ? [...this.#placed, ...this.#ended.keys()] : undefined;
      this.#unsure.add(agent);
      const { places, ids } = await beginRuns(database, agent, instanceId, known);
      this.#unsure.delete(agent);
      if (places > 0 && ids.length === 0) this.#paused.set(agent, now + PAUSE_MS);
      if (!this.#begin(ids)) await this.freePlaces();
    });
  }

  /** False when that is for others, as the server stops. */
  #begin(ids: readonly string[]): boolean {
    if (this.#loop.stopped) {
      for (const id of ids) this.#ended.set(id, false);
      return false;
    }
    for (const id of ids) {
      // Its place of before is the same row.
      this.#ended.delete(id);
      this.#placed.add(id);
      this.parts.begin(id);
    }
    return true;
  }

  /** Frees the places of runs that have ended. */
  async freePlaces(): Promise<void> {
    const ended = [...this.#ended];
    if (ended.length === 0) return;
    const ids = ended.map(([id]) => id);
    await endRuns(this.parts.database, ids, this.parts.instanceId());
    for (const id of ids) this.#ended.delete(id);
    const waiting = ended.flatMap(([id, waits]) => (waits ? [id] : []));
    if (waiting.length > 0) this.parts.freed(waiting);
  }
}
