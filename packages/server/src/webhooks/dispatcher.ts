/** Sees to it that what is recorded is delivered: claims webhooks that have something due, and drains each by itself. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { allowManyListeners } from '@continuo/agent/internal/platform/many-listeners.js';
import { Batcher } from '../platform/batcher.js';
import { isTransient, type Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { Notifications } from '../platform/notifications.js';
import { WEBHOOKS_CHANNEL } from './channel.js';
import { claimWebhooks, releaseClaims, renewClaims } from './claim-webhooks.js';
import { Drain } from './drain.js';
import { dueDeliveries } from './due-deliveries.js';
import { recordAttempts, type Attempt } from './record-attempts.js';
import type { Sender } from './sender.js';

/** In case that nobody says that something is pending. */
const POLL_MS = 10_000;
/** However often that is said: retries become due without anybody telling of each, and notifications can be lost. */
const PENDING_EVERY_MS = 500;
/** However often it is woken: many events in the same moment are one look. */
const LOOK_EVERY_MS = 20;
const IMMEDIATE_TRIES = 3;
const ANY = '*';

export interface DispatcherOptions {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly webhookPauseAfterMs: number;
  /** In whose name webhooks are claimed. */
  readonly instanceId: () => string;
  readonly metrics: Metrics;
}

/** A webhook in this instance's hands. */
interface Held {
  readonly drain: Drain;
  /** When the lease ends, by our clock; milliseconds since 1970. */
  until: number;
}

export class Dispatcher {
  readonly #stop = new AbortController();
  /** Aborts requests under way. */
  readonly #cut = new AbortController();
  readonly #held = new Map<string, Held>();
  readonly #drains = new Set<Promise<void>>();
  #pending = false;
  /** When it last looked for webhooks that have something due; milliseconds since 1970. */
  #claimedAt = 0;
  readonly #records: Batcher<Attempt, undefined>;
  readonly #notifications: Notifications;
  #running: Promise<unknown> = Promise.resolve();
  /** Webhooks that were recorded something for since the last look; `*` stands for any. */
  #told = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly sender: Sender,
    private readonly options: DispatcherOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    // Every request under way listens.
    allowManyListeners(this.#cut.signal);
    this.#records = new Batcher({ run: (attempts) => this.#record(attempts), keyOf: (attempt) => attempt.deliveryId });
    this.#notifications = new Notifications(database.servers, WEBHOOKS_CHANNEL, (ids) => this.#tell(ids), clock, log);
  }

  start(): void {
    this.#running = Promise.all([this.#look(), this.#renew(), this.#notifications.run()]);
  }

  /** Begins nothing more, lets what is on its way end within `drainMs`, and leaves the rest to other instances at once. */
  async stop(drainMs: number): Promise<void> {
    this.#stop.abort();
    this.#wake();
    this.#notifications.stop();
    const over = new AbortController();
    const late = this.clock.sleep(drainMs, over.signal).then(
      () => this.#cut.abort(),
      () => undefined,
    );
    await Promise.all(this.#drains);
    over.abort();
    await Promise.all([late, this.#running]);
  }

  /** Something is to be delivered, now or later: what of it is due by now is looked for. */
  pending(): void {
    if (this.clock.now().getTime() - this.#claimedAt < PENDING_EVERY_MS) return;
    this.#pending = true;
    this.#wake();
  }

  /** These webhooks, with commas between them, may have something due. */
  #tell(ids: string): void {
    for (const id of ids.split(',')) this.#told.add(id);
    this.#wake();
  }

  async #look(): Promise<void> {
    let polled = true;
    while (!this.#stop.signal.aborted) {
      const told = [...this.#told];
      this.#told.clear();
      this.#pending = false;
      for (const [id, { drain }] of this.#held) if (told.includes(id) || told.includes(ANY)) drain.touch();
      try {
        if (polled || told.some((id) => !this.#held.has(id))) await this.#claim();
      } catch (error) {
        this.log.debug({ err: messageOf(error) }, 'looking for webhooks failed, will try again');
      }
      await this.#pause(LOOK_EVERY_MS);
      const rests = !this.#pending && this.#told.size === 0;
      polled = (rests && (await this.#pause(POLL_MS, true))) || this.#pending;
    }
  }

  async #claim(): Promise<void> {
    const { leaseMs } = this.options;
    const instanceId = this.options.instanceId();
    this.#claimedAt = this.clock.now().getTime();
    const until = this.#claimedAt + leaseMs;
    for (const id of await claimWebhooks(this.database, instanceId, leaseMs)) {
      crashPoint('endpoint-claimed');
      const drained = this.#drain(id, instanceId, until);
      this.#drains.add(drained);
      void drained.finally(() => this.#drains.delete(drained));
    }
  }

  async #drain(id: string, instanceId: string, until: number): Promise<void> {
    const { database, sender } = this;
    const drain = new Drain({
      fetch: (busy, tasks) => dueDeliveries(database, { webhookId: id, instanceId, busy, tasks }),
      attempt: (delivery) => sender.attempt(delivery, this.#cut.signal),
      record: (attempt) => {
        const { record } = this.options.metrics;
        record.webhookAttempts({ outcome: attempt.outcome === 'pending' ? 'failed' : attempt.outcome });
        record.webhookLatency({}, attempt.latencyMs / 1_000);
        return this.#records.submit(attempt);
      },
      enter: () => database.shares.enter(),
      held: () => !this.#stop.signal.aborted && this.clock.now().getTime() < held.until,
    });
    const held: Held = { drain, until };
    this.#held.set(id, held);
    try {
      await drain.run();
    } catch (error) {
      if (!this.#cut.signal.aborted) {
        this.log.warn({ err: messageOf(error), webhook: id }, 'deliveries to a webhook broke off, will go on');
      }
    } finally {
      await this.#release(id, instanceId);
      this.#held.delete(id);
      // What came while it was held was left alone by everybody.
      if (drain.touched) this.#tell(id);
    }
  }

  async #release(id: string, instanceId: string): Promise<void> {
    try {
      await releaseClaims(this.database, instanceId, [id]);
    } catch (error) {
      this.log.debug({ err: messageOf(error), webhook: id }, 'a webhook was not released; its lease will end');
    }
  }

  /** Until the last drain has ended, also while the server stops. */
  async #renew(): Promise<void> {
    while (!this.#stop.signal.aborted || this.#drains.size > 0) {
      await this.#pause(this.options.heartbeatMs);
      // Those claimed under an earlier id, before this instance was taken for dead, are others' by now.
      const instanceId = this.options.instanceId();
      const until = this.clock.now().getTime() + this.options.leaseMs;
      const held = [...this.#held];
      if (held.length > 0) {
        try {
          const ids = held.map(([id]) => id);
          const ours = await renewClaims(this.database, instanceId, ids, this.options.leaseMs);
          for (const [id, one] of held) one.until = ours.has(id) ? until : 0;
        } catch (error) {
          this.log.debug({ err: messageOf(error) }, 'renewing the leases of webhooks failed, will try again');
        }
      }
    }
  }

  async #record(attempts: readonly Attempt[], tries = IMMEDIATE_TRIES): Promise<readonly undefined[]> {
    try {
      for (const stopped of await recordAttempts(this.database, attempts, this.options.webhookPauseAfterMs)) {
        this.log.warn(
          { webhook: stopped.id, state: stopped.state, reason: stopped.reason },
          'a webhook is told no more',
        );
      }
      return attempts.map(() => undefined);
    } catch (error) {
      if (!isTransient(error) || tries === 1) throw error;
      return this.#record(attempts, tries - 1);
    }
  }

  /** For `ms`, or until the server stops; `wakeable`: or until something is told. Whether all of it has passed. */
  async #pause(ms: number, wakeable = false): Promise<boolean> {
    // What a stopping server still waits for is asked for again and again, but not in a hurry.
    if (this.#stop.signal.aborted) return this.clock.sleep(LOOK_EVERY_MS).then(() => true);
    const over = new AbortController();
    const end = (): void => over.abort();
    this.#stop.signal.addEventListener('abort', end, { once: true });
    if (wakeable) this.#wake = end;
    const passed = await this.clock.sleep(ms, over.signal).then(
      () => true,
      () => false,
    );
    this.#stop.signal.removeEventListener('abort', end);
    if (wakeable) this.#wake = () => undefined;
    return passed;
  }
}
