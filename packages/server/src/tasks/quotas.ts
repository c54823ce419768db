/** How much a caller may have in the database: tasks that have not ended, and bytes. Asked before a task is opened. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { fileBytes } from '../files/views.js';
import { memoryBytes } from '../memories/views.js';
import { logBytes } from '../runs/views.js';
import { sessionBytes } from '../sessions/views.js';
import { tooManyTasks } from './too-many-tasks.js';

const BYTES_RETRY_SECONDS = 60;
/** The bytes of a caller are counted again after a minute at the earliest, and after so many times what counting took. */
const COUNT_AGAIN_MS = 60_000;
const COUNT_SHARE = 100;
/** Callers whose bytes are remembered. */
const MOST_KNOWN = 10_000;

export interface QuotaOptions {
  /** Tasks that have not ended, without what these call; 0: any number. The statement that opens one counts them again. */
  readonly tasks: number;
  /** Bytes of what is said and made; 0: any number. */
  readonly storedBytes: number;
}

interface RoomForFiles {
  /** Bytes, with those that files take up. */
  readonly bytes: number;
  /** What whoever wants more is told. */
  readonly full: () => ContinuoError;
}

interface Counted {
  readonly bytes: number;
  /** Those of files, among them. */
  readonly files: number;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

const activeSql = `
SELECT count(*) AS n FROM (
  SELECT 1 FROM tasks WHERE tenant = $1 AND owner = $2 AND parent_id IS NULL
    AND state IN ('SUBMITTED', 'WORKING', 'INPUT_REQUIRED', 'AUTH_REQUIRED') LIMIT $3) active`;

// What is stored out of line is counted as it lies there, without reading it.
const bytesSql = `
SELECT coalesce((SELECT sum(pg_column_size(p.events) + coalesce(pg_column_size(p.payload), 0)
                          + coalesce(pg_column_size(p.message), 0) + coalesce((p.object->>'bytes')::bigint, 0))
                 FROM task_pages p WHERE p.tenant = $1 AND p.owner = $2), 0)
     + ${sessionBytes('$1', '$2')} + ${memoryBytes('$1', '$2')} + ${logBytes('$1', '$2')} + f.bytes AS bytes, f.bytes AS files
FROM (SELECT ${fileBytes('$1', '$2')} AS bytes) f`;

export class Quotas {
  readonly #counted = new Map<string, Counted>();

  constructor(
    private readonly database: Database,
    private readonly options: QuotaOptions,
    private readonly clock: Clock,
  ) {}

  /** Rejects with QUOTA_EXCEEDED for a caller that has as much as it may; undefined where there are no quotas. */
  check(caller: Caller): Promise<void> | undefined {
    const { tasks, storedBytes } = this.options;
    return tasks > 0 || storedBytes > 0 ? this.#checkAll(caller) : undefined;
  }

  async #checkAll(caller: Caller): Promise<void> {
    const { tasks } = this.options;
    if (tasks > 0 && (await this.#active(caller, tasks)) >= tasks) {
      throw tooManyTasks(tasks);
    }
    await this.checkStored(caller);
  }

  /** Throws QUOTA_EXCEEDED for a caller that has stored as much as it may. */
  async checkStored(caller: Caller): Promise<void> {
    const { storedBytes } = this.options;
    if (storedBytes > 0 && (await this.#counts(caller)).bytes >= storedBytes) {
      throw new ContinuoError('QUOTA_EXCEEDED', `${storedBytes} bytes are stored; delete sessions first.`, {
        retryAfterSeconds: BYTES_RETRY_SECONDS,
      });
    }
  }

  /** What files of the caller may take up beside all else; undefined: any number of bytes. */
  async roomForFiles(caller: Caller): Promise<RoomForFiles | undefined> {
    const { storedBytes } = this.options;
    if (storedBytes === 0) return undefined;
    const { bytes, files } = await this.#counts(caller);
    const message = `${storedBytes} bytes may be stored; delete files or sessions first.`;
    return {
      bytes: storedBytes - (bytes - files),
      full: () => new ContinuoError('QUOTA_EXCEEDED', message, { retryAfterSeconds: BYTES_RETRY_SECONDS }),
    };
  }

  async #active({ tenant, owner }: Caller, most: number): Promise<number> {
    const rows = await orUnavailable(() => this.database.query<{ n: number }>(activeSql, [tenant, owner, most]));
    return rows[0]?.n ?? 0;
  }

  async #counts({ tenant, owner }: Caller): Promise<Counted> {
    const key = JSON.stringify([tenant, owner]);
    const begun = this.clock.now().getTime();
    const known = this.#counted.get(key);
    if (known !== undefined && begun < known.validUntil) return known;
    // Meanwhile others go by the old count.
    if (known !== undefined) this.#counted.set(key, { ...known, validUntil: begun + COUNT_AGAIN_MS });
    const rows = await orUnavailable(() =>
      this.database.query<{ bytes: string; files: string }>(bytesSql, [tenant, owner]),
    );
    const ended = this.clock.now().getTime();
    if (this.#counted.size >= MOST_KNOWN) this.#counted.clear();
    const counted = {
      bytes: Number(rows[0]?.bytes ?? 0),
      files: Number(rows[0]?.files ?? 0),
      validUntil: ended + Math.max(COUNT_AGAIN_MS, COUNT_SHARE * (ended - begun)),
    };
    this.#counted.set(key, counted);
    return counted;
  }
}
