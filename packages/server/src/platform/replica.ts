/** Reads that a replica may answer: only where it has replayed all that was stored before they were asked for. */
import { isTransient } from '@continuo/agent/internal/platform/database-errors.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { DatabaseServers } from './database-servers.js';
import type { Log } from './log.js';
import { Pool, type PooledClient } from './pool.js';

interface Primary {
  query<Row extends Record<string, unknown>>(text: string): Promise<readonly Row[]>;
}

/** How far PostgreSQL has come, in which history of which cluster. */
export interface Position {
  readonly lsn: string;
  readonly timeline: number;
  readonly cluster: string;
  readonly database: string;
}

interface State {
  readonly related: boolean;
  readonly replayed: boolean;
}

interface ReplicaOptions {
  readonly poolSize: number;
  readonly log: Log;
  /** How long a statement may take, in milliseconds. */
  readonly statementMs: number;
}

/** For a replica to catch up; whoever waits longer is better served by the primary. */
const CATCH_UP_MS = 20;
const LOOK_AGAIN_MS = 2;
/** For a connection, and for the answer how far the replica is. */
const ANSWER_MS = 500;
/** One that lags, or is away, isn't asked for so long. */
const LAGS_MS = 100;
const AWAY_MS = 2_000;

/**
 * What is committed is flushed before anybody is told, unless that was turned off. The timeline tells a server that
 * replays what a replaced primary wrote on.
 */
const positionSql = `
SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
  ELSE pg_current_wal_flush_lsn() END)::text AS lsn,
  substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8) AS timeline,
  (SELECT system_identifier::text FROM pg_control_system()) AS cluster, current_database()::text AS database`;

/** What the control file says of the timeline comes late, and never too early; not everybody may see the receiver. */
const stateSql = `
SELECT pg_is_in_recovery() AND current_database() = $4
  AND (SELECT system_identifier::text FROM pg_control_system()) = $3 AS related,
  coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AND $2::int = greatest(
    (SELECT timeline_id FROM pg_control_checkpoint()), (SELECT min_recovery_end_timeline FROM pg_control_recovery()),
    (SELECT received_tli FROM pg_stat_wal_receiver)) AS replayed`;

export class Replica {
  readonly #pool: Pool;
  readonly #servers: DatabaseServers;
  readonly #log: Log;
  readonly #statementMs: number;
  #restsUntil = 0;
  /** Why it was left alone when it was asked last. */
  #away = '';

  constructor(url: string, { poolSize, log, statementMs }: ReplicaOptions) {
    this.#servers = new DatabaseServers(url, 'standby');
    const settings = { statement_timeout: statementMs, default_transaction_read_only: 'on' };
    this.#pool = new Pool(this.#servers, { poolSize, log, settings });
    this.#log = log;
    this.#statementMs = statementMs;
  }

  /**
   * The rows, from a moment when all up to `position` is there; undefined when the primary has to be asked. Throws for a
   * statement that has taken all the time that it may take: the primary would take as much once more.
   */
  async rows<Row extends Record<string, unknown>>(
    position: Position,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[] | undefined> {
    if (performance.now() < this.#restsUntil) return undefined;
    let client: PooledClient | undefined;
    let broken = true;
    let begun: number | undefined;
    try {
      client = await this.#take();
      client.patienceMs = ANSWER_MS;
      const ready = await this.#isReady(client, position);
      client.patienceMs = this.#statementMs + ANSWER_MS;
      begun = performance.now();
      const rows = ready ? await client.rows<Row>(text, values) : undefined;
      broken = false;
      return rows;
    } catch (error) {
      // A read that stands in the way of the replay is ended, too. What is wrong with the statement the primary says.
      if (isTransient(error)) this.#rest(messageOf(error));
      if (begun !== undefined && performance.now() - begun >= this.#statementMs) throw error;
      return undefined;
    } finally {
      client?.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #isReady(client: PooledClient, { lsn, timeline, cluster, database }: Position): Promise<boolean> {
    const until = performance.now() + CATCH_UP_MS;
    for (;;) {
      const [state] = await client.rows<State & Record<string, unknown>>(stateSql, [lsn, timeline, cluster, database]);
      if (state?.related !== true) {
        this.#rest('it is no standby of the server that takes writes');
        return false;
      }
      if (state.replayed) {
        this.#back();
        return true;
      }
      if (performance.now() > until) {
        this.#restsUntil = performance.now() + LAGS_MS;
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async #take(): Promise<PooledClient> {
    const taking = this.#pool.take();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ANSWER_MS, undefined)));
    const client = await Promise.race([taking, late]).finally(() => clearTimeout(timer));
    if (client !== undefined) return client;
    void taking.then(
      (unused) => unused.release(),
      () => undefined,
    );
    throw Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
  }

  #rest(because: string): void {
    this.#restsUntil = performance.now() + AWAY_MS;
    if (this.#away === '') {
      this.#log.warn({ replica: this.#servers.where, err: because }, 'the replica is left alone; the primary answers');
    }
    this.#away = because;
  }

  #back(): void {
    if (this.#away !== '') this.#log.info({ replica: this.#servers.where }, 'the replica answers again');
    this.#away = '';
  }
}

/** Asks the primary how far it is, once for all who want to know in the same moment. */
export class Positions {
  #underWay: Promise<unknown> = Promise.resolve();
  #next: Promise<Position> | undefined;

  constructor(private readonly primary: Primary) {}

  /** How far it is at some time after the call. */
  now(): Promise<Position> {
    return (this.#next ??= this.#underWay.then(() => {
      const asked = this.#ask();
      this.#underWay = asked.catch(() => undefined);
      this.#next = undefined;
      return asked;
    }));
  }

  async #ask(): Promise<Position> {
    type Row = Omit<Position, 'timeline'> & { readonly timeline: string };
    const [row] = await this.primary.query<Row & Record<string, unknown>>(positionSql);
    if (row === undefined) throw new Error('PostgreSQL does not say how far it is');
    return { ...row, timeline: Number.parseInt(row.timeline, 16) };
  }
}
