/** Removes what is older than the policies allow: in the background, on one instance at a time, a little at once. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { expireAudit } from '../auth/audit-log.js';
import { expireIdempotencyKeys } from '../calls/idempotency.js';
import { LOCKS } from '../platform/advisory-locks.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import { PATIENT_MS, type Database } from '../platform/database.js';
import { eachAlone } from '../platform/each-alone.js';
import type { Expire, Expiry } from '../platform/expiry.js';
import type { Log } from '../platform/log.js';
import { expireMemories } from '../memories/expire-memories.js';
import { expireDeliveries } from '../webhooks/delete-deliveries.js';
import { clearErased } from './erase.js';
import { expireSessions, expireTasks } from './expire.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What is kept longer is kept forever: no time lies before the times that PostgreSQL has. */
const MOST_DAYS = 100_000;
const PAUSE_MS = 50;

/** What is kept, and how it goes. */
const kinds = {
  sessions: expireSessions,
  tasks: expireTasks,
  'idempotency-keys': expireIdempotencyKeys,
  deliveries: expireDeliveries,
  audit: expireAudit,
  memories: expireMemories,
} as const satisfies Readonly<Record<string, Expire>>;

type Kind = keyof typeof kinds;

export interface RetentionOptions {
  /** Days after which what nobody has touched goes; 0: never. A tenant's own policy comes first. */
  readonly keepDays: Readonly<Record<Kind, number>>;
  readonly retentionMs: number;
}

export class Retention {
  readonly #loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly options: RetentionOptions,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'info' | 'warn'>,
  ) {
    const failed = (error: unknown): void =>
      log.warn({ err: messageOf(error) }, 'what is too old was not removed, will try again');
    this.#loop = new BackgroundLoop(() => this.#expire(), options.retentionMs, failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #expire(): Promise<void> {
    const policies = await this.database.query<{ tenant: string; what: string; days: number }>(
      'SELECT tenant, what, days FROM retention_policies',
    );
    const removals = (Object.keys(kinds) as Kind[]).flatMap((kind) => {
      const own = policies.filter((policy) => policy.what === kind);
      const except = own.map(({ tenant }) => tenant);
      return [
        () => this.#expireAll(kind, this.options.keepDays[kind], { tenant: null, except }),
        ...own.map(
          ({ tenant, days }) =>
            () =>
              this.#expireAll(kind, days, { tenant, except: [] }),
        ),
      ];
    });
    await eachAlone([() => clearErased(this.database.patient), ...removals], (remove) => remove());
  }

  async #expireAll(kind: Kind, days: number, whose: Omit<Expiry, 'before'>): Promise<void> {
    if (days === 0 || days > MOST_DAYS) return;
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    for (let removed = 0; !this.#loop.stopped;) {
      const batch = await this.#batch(kinds[kind], { ...whose, before });
      if (batch === 0) {
        if (removed > 0)
          this.log.info({ kind, removed, tenant: whose.tenant ?? undefined }, 'removed what was too old');
        return;
      }
      removed += batch;
      await this.#loop.pause(PAUSE_MS);
    }
  }

  /** 0 as well when another instance is at it. */
  #batch(expire: Expire, expiry: Expiry): Promise<number> {
    return this.database.transaction(async (client) => {
      const [lock] = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
        LOCKS.retention,
      ]);
      return lock?.held === true ? expire(client, expiry) : 0;
    }, PATIENT_MS);
  }
}
