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
import { CHANGED, WEBHOOKS_CHANNEL } from './channel.js';
import {
  claimNamed,
  claimPage,
  releaseClaims,
  renewClaims,
  type Claimed,
  type ClaimOptions,
  type Claims,
} from './claim-webhooks.js';
import { Drain } from './drain.js';
import { dueDeliveries } from './due-deliveries.js';
import { Places } from './places.js';
import { dropGone, recordAttempts, type Attempt } from './record-attempts.js';
import { RetryTimes } from './retry-times.js';
import type { Sender } from './sender.js';

/** In case that nobody says that something is pending. */
const POLL_MS = 10_000;
/** However often that is said: retries become due without anybody telling of each, and notifications can be lost. */
const PENDING_EVERY_MS = 500;
/** However often it is woken: many events in the same moment are one look. */
const LOOK_EVERY_MS = 20;
/** So many times what looking at all has taken, before that is done again: nobody's many webhooks keep the database busy. */
const LOOK_SHARE = 10;
const IMMEDIATE_TRIES = 3;
/** Webhooks in this instance's hands at once. */
const MOST_HELD = 400;
/** Requests under way at once: of one owner, and of all. */
const REQUESTS_OF_AN_OWNER = 100;
const MOST_REQUESTS = 2_000;
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
  readonly owner: string;
  /** What told at the last heartbeat that it was changed. */
  version: string | undefined;
  /** When what has failed is tried again. */
  readonly retries: RetryTimes;
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
  /** When those that have failed are tried again. */
  readonly #retries = new RetryTimes();
  /** How long that took, in milliseconds. */
  #claimMs = 0;
  /** Whether webhooks have something due that there was no room for. */
  #crowded = false;
  #dropping: Promise<void> | undefined;
  readonly #places = new Places(REQUESTS_OF_AN_OWNER, MOST_REQUESTS);
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
    await Promise.all([late, this.#running, this.#dropping]);
  }

  /** Something is to be delivered, now or later: what of it is due by now is looked for. */
  pending(): void {
    const pause = Math.max(PENDING_EVERY_MS, LOOK_SHARE * this.#claimMs);
    if (this.clock.now().getTime() - this.#claimedAt < pause) return;
    this.#pending = true;
    this.#wake();
  }

  /** These webhooks, with commas between them, may have something due, or (CHANGED) have been changed. */
  #tell(ids: string): void {
    for (const id of ids.split(',')) {
      if (id.startsWith(CHANGED)) this.#held.get(id.slice(CHANGED.length))?.drain.change();
      else this.#told.add(id);
    }
    this.#wake();
  }

  async #look(): Promise<void> {
    let polled = true;
    while (!this.#stop.signal.aborted) {
      const told = this.#told;
      this.#told = new Set();
      this.#pending = false;
      const all = told.delete(ANY);
      const now = this.clock.now().getTime();
      for (const [id, one] of this.#held) {
        if (one.retries.take(now) || all || told.has(id)) one.drain.touch();
      }
      const others = [...told].filter((id) => !this.#held.has(id));
      try {
        if (polled || all) await this.#claimAll();
        else if (others.length > 0) await this.#claim((options) => claimNamed(this.database, others, options));
      } catch (error) {
        this.log.debug({ err: messageOf(error) }, 'looking for webhooks failed, will try again');
      }
      await this.#pause(LOOK_EVERY_MS);
      const rests = !this.#pending && this.#told.size === 0;
      polled = (rests && (await this.#pause(this.#untilRetry(), true))) || this.#pending;
    }
  }

  /** Until something that failed here is tried again, but no longer than POLL_MS, nor so short that looking is all that is done. */
  #untilRetry(): number {
    const now = this.clock.now().getTime();
    const rest = this.#claimedAt + LOOK_SHARE * this.#claimMs - now;
    return Math.max(LOOK_EVERY_MS, rest, Math.min(POLL_MS, this.#retries.next - now));
  }

  /** Page by page, so that no statement takes long, however many webhooks wait. */
  async #claimAll(): Promise<void> {
    this.#claimedAt = this.clock.now().getTime();
    this.#retries.take(this.#claimedAt);
    const begun = this.#claimedAt;
    let after: string | undefined;
    do {
      const { next } = await this.#claim((options) => claimPage(this.database, after, options));
      after = next ?? undefined;
    } while (after !== undefined && this.#held.size < MOST_HELD && !this.#stop.signal.aborted);
    this.#claimMs = this.clock.now().getTime() - begun;
  }

  /** Begins with what `claim` claims. */
  async #claim(claim: (options: ClaimOptions) => Promise<Claims>): Promise<Claims> {
    const { leaseMs } = this.options;
    const instanceId = this.options.instanceId();
    const until = this.clock.now().getTime() + leaseMs;
    const most = Math.max(0, MOST_HELD - this.#held.size);
    const claims = await claim({ instanceId, leaseMs, most, held: [...this.#held.values()].map(({ owner }) => owner) });
    this.#crowded ||= claims.more;
    if (claims.gone.length > 0) this.#dropGone(claims.gone);
    for (const claimed of claims.claimed) {
      crashPoint('endpoint-claimed');
      const drained = this.#drain(claimed, instanceId, until);
      this.#drains.add(drained);
      void drained.finally(() => this.#drains.delete(drained));
    }
    return claims;
  }

  /** What waits for webhooks that are gone, a few at a time; what is left when that fails is met again. */
  #dropGone(ids: readonly string[]): void {
    this.#dropping ??= dropGone(this.database, ids, this.#stop.signal)
      .catch((error: unknown) =>
        this.log.debug({ err: messageOf(error) }, 'what webhooks that are gone wait for stays'),
      )
      .finally(() => {
        this.#dropping = undefined;
      });
  }

  async #drain({ id, tenant, owner }: Claimed, instanceId: string, until: number): Promise<void> {
    const { database, sender } = this;
    const drain = new Drain({
      fetch: (busy, tasks) => dueDeliveries(database, { webhookId: id, instanceId, busy, tasks }),
      attempt: (delivery) => sender.attempt(delivery, this.#cut.signal),
      place: () => this.#places.enter(owner, tenant),
      record: (attempt) => {
        const { record } = this.options.metrics;
        record.webhookAttempts({ outcome: attempt.outcome === 'pending' ? 'failed' : attempt.outcome });
        record.webhookLatency({}, attempt.latencyMs / 1_000);
        if (attempt.nextAt !== null) this.#retry(held, Date.parse(attempt.nextAt));
        return this.#records.submit(attempt);
      },
      enter: () => database.shares.enter(),
      held: () => !this.#stop.signal.aborted && this.clock.now().getTime() < held.until,
    });
    const held: Held = { drain, owner, version: undefined, retries: new RetryTimes(), until };
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
      if (this.#crowded) {
        this.#crowded = false;
        this.pending();
      }
    }
  }

  /** Something of it that failed is tried again at this time, in milliseconds since 1970, also when it is held no more. */
  #retry({ retries }: Held, at: number): void {
    const now = this.clock.now().getTime();
    const isFirst = at < this.#retries.next;
    for (const times of [retries, this.#retries]) times.add(at, now);
    if (isFirst) this.#wake();
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
          for (const [id, one] of held) {
            const version = ours.get(id);
            one.until = version === undefined ? 0 : until;
            if (one.version !== undefined && version !== one.version) one.drain.change();
            one.version = version;
          }
        } catch (error) {
          this.log.debug({ err: messageOf(error) }, 'renewing the leases of webhooks failed, will try again');
        }
      }
    }
  }

  async #record(attempts: readonly Attempt[], tries = IMMEDIATE_TRIES): Promise<readonly undefined[]> {
    try {
      const all = await recordAttempts(this.database, attempts, this.options.webhookPauseAfterMs);
      const gone = all.filter(({ state }) => state === 'gone').map(({ id }) => id);
      if (gone.length > 0) this.#dropGone(gone);
      for (const stopped of all) {
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
