/** Removes the content of deleted files, in the background and for as long as it takes, and uploads that nobody continues. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { ContentStores } from './content-stores.js';

const EVERY_MS = 10_000;
const AT_ONCE = 20;
/** Longest wait before a content is tried again that could not be removed. */
const MOST_SECONDS = 600;

/** Taken for a minute: others look after what an instance leaves that dies. */
const takeSql = `
UPDATE removed_files SET attempts = attempts + 1, due_at = now() + interval '1 minute'
WHERE file_id IN (
  SELECT file_id FROM removed_files WHERE due_at <= now() ORDER BY due_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
RETURNING file_id, place, multipart, again, attempts`;

/** As much later as anything that was on its way to the storage takes. */
const againSql = `UPDATE removed_files SET again = false, due_at = now() + interval '2 minutes' WHERE file_id = $1`;

const laterSql = `UPDATE removed_files SET due_at = now() + make_interval(secs => $2) WHERE file_id = $1`;

const expireSql = `DELETE FROM files WHERE completed_at IS NULL AND touched_at < $1`;

interface RemovedRow {
  readonly [column: string]: unknown;
  readonly file_id: string;
  readonly place: string;
  readonly multipart: string | null;
  readonly again: boolean;
  readonly attempts: number;
}

export interface RemovalsParts {
  readonly database: Database;
  readonly stores: ContentStores;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds after which an upload is given up that nobody has added to. */
  readonly uploadTimeoutMs: number;
  /** How often it looks, at the longest. */
  readonly everyMs: number;
}

export class Removals {
  readonly #loop: BackgroundLoop;
  #working: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(private readonly parts: RemovalsParts) {
    const { log, clock, everyMs } = parts;
    const failed = (error: unknown): void =>
      log.warn({ err: messageOf(error) }, 'contents of deleted files were not removed, will try again');
    this.#loop = new BackgroundLoop(() => this.#look(), Math.min(EVERY_MS, everyMs), failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  /** What it is about is left to others, or to the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await this.#working;
  }

  /** Begins at once; what goes wrong is tried again by and by. */
  hasWork(): void {
    if (!this.#loop.stopped) void this.#removeAll().catch(() => undefined);
  }

  async #look(): Promise<void> {
    const { database, clock, uploadTimeoutMs } = this.parts;
    await database.query(expireSql, [new Date(clock.now().getTime() - uploadTimeoutMs)]);
    await this.#removeAll();
  }

  #removeAll(): Promise<void> {
    this.#working ??= this.#removeDue().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #removeDue(): Promise<void> {
    while (!this.#loop.stopped) {
      const due = await this.parts.database.query<RemovedRow>(takeSql);
      if (due.length === 0) return;
      for (const row of due) if (!this.#stopping.signal.aborted) await this.#remove(row);
    }
  }

  async #remove({ file_id: id, place, multipart, again, attempts }: RemovedRow): Promise<void> {
    const file = { id, place, multipart: multipart ?? undefined };
    const { database, stores, log } = this.parts;
    try {
      await stores.of(file).remove(file, this.#stopping.signal);
      await database.query(again ? againSql : 'DELETE FROM removed_files WHERE file_id = $1', [id]);
    } catch (error) {
      const seconds = Math.min(MOST_SECONDS, 2 ** Math.min(attempts, 10));
      log.warn({ err: messageOf(error), file: id, seconds }, 'a deleted file is still there, will try again');
      await database.query(laterSql, [id, seconds]);
    }
  }
}
