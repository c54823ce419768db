/** Records in the audit log who could not sign in: counted for a while first, so that whoever tries a million keys fills no disk. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import { looksLikeKey, prefixOf } from './api-key.js';
import type { AuditAction } from './audit-log.js';

const EVERY_MS = 5_000;
/** Apart by key and address; what comes beyond is one entry. */
const MOST_APART = 200;
const OTHERS = 'others';
const action: AuditAction = 'sign-in.failed';

/** With no key of the tenant's it is recorded for the tenant of those who have none. */
const sql = `
INSERT INTO audit_log (tenant, owner, action, subject, details)
SELECT coalesce(k.tenant, 'default'), NULL, $2, f.subject,
  json_strip_nulls(json_build_object('from', f.source, 'times', f.times, 'keyOwner', k.owner, 'keyId', k.id))
FROM json_to_recordset($1) AS f(subject text, source text, times int) LEFT JOIN api_keys k ON k.prefix = f.subject`;

interface Failed {
  /** The beginning of the key, or what else it was. */
  readonly subject: string;
  /** The address that it came from. */
  readonly source?: string | undefined;
  readonly times: number;
}

export class FailedSignIns {
  #failed = new Map<string, Failed>();
  readonly #loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    clock: Clock,
    log: Log,
  ) {
    const failed = (error: unknown): void =>
      log.warn({ err: messageOf(error) }, 'failed sign-ins were not recorded; they will be');
    this.#loop = new BackgroundLoop(() => this.#record(), EVERY_MS, failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  /** Resolves when those noted are recorded. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#record().catch(() => undefined);
  }

  /** `credentials` were refused; nothing of them is kept but the public beginning of a key. */
  note(credentials: string, source: string | undefined): void {
    const subject = prefixOf(credentials) ?? (looksLikeKey(credentials) ? 'key' : 'token');
    const key = JSON.stringify([subject, source]);
    const isApart = this.#failed.has(key) || this.#failed.size < MOST_APART;
    this.#add(isApart ? key : OTHERS, { ...(isApart ? { subject, source } : { subject: OTHERS }), times: 1 });
  }

  #add(key: string, failed: Failed): void {
    const times = (this.#failed.get(key)?.times ?? 0) + failed.times;
    this.#failed.set(key, { ...failed, times });
  }

  async #record(): Promise<void> {
    if (this.#failed.size === 0) return;
    const failed = this.#failed;
    this.#failed = new Map();
    try {
      await this.database.query(sql, [JSON.stringify([...failed.values()]), action]);
    } catch (error) {
      for (const [key, one] of failed) this.#add(key, one);
      throw error;
    }
  }
}
