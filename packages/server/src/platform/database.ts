/** The connections to PostgreSQL, and how long they wait for it. */
import pg from 'pg';
import { AsyncSlot } from '@continuo/agent/internal/platform/async-slot.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { isConnectionError } from '@continuo/agent/internal/platform/database-errors.js';
import { Turns } from '@continuo/agent/internal/platform/turns.js';
import { DatabaseServers } from './database-servers.js';
import { Pool, type PooledClient, type PoolOptions } from './pool.js';
import { ReaderShares } from './reader-shares.js';
import { Positions, Replica, type Position } from './replica.js';
import { asNeedsSessions, checkSessions, hasItsSettings, losesSettings } from './session-connections.js';
import { CONNECT_MS, PROOF_EVERY_MS, SILENCE_MS, STATEMENT_MS } from './watched-client.js';

export {
  isConnectionError,
  isTransient,
  orUnavailable,
  tookTooMuch,
} from '@continuo/agent/internal/platform/database-errors.js';

export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/**
 * For statements that may take their time: exports, statistics, deleting much. Nobody else waits for them, as a quarter of
 * the connections is left to the others.
 */
export const PATIENT_MS = 60_000;
const LEFT_TO_OTHERS = 1 / 4;

/** Code ETIMEDOUT: whoever can try again does. */
function notLetIn(): Error {
  return Object.assign(new Error('too many statements that take their time are under way'), { code: 'ETIMEDOUT' });
}

const LOCK_RETRY_MS = 100;
/** A statement is given a second more for each of these characters that it carries. */
const LARGE = 1024 ** 2;

/** Statements that take longer end with an error: PostgreSQL answers while it lives. */
const BOUNDED = { statement_timeout: STATEMENT_MS };
/** PostgreSQL refuses whatever would write. */
const READ_ONLY = { default_transaction_read_only: 'on' };
/**
 * For statements that look rows up by key, many at a time: planned once, and always by index, however small the tables
 * were when the plan was made.
 */
const BY_KEY = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly inTime?: boolean;
  readonly patienceMs?: number;
}

/** The transaction that the code under way has open. */
const transactions = new AsyncSlot<{ readonly of: Database; open: boolean }>('transaction');

export interface DatabaseOptions extends Omit<PoolOptions, 'settings' | 'name'> {
  readonly pageBytes?: number;
  /** The address of a replica that may answer reads. */
  readonly readUrl?: string | undefined;
  /** Nothing can be written through it. Default: false. */
  readonly readOnly?: boolean;
}

/** What reads need. */
export type Reader = Pick<Database, 'patient' | 'prepared' | 'shares'>;

export class Database implements Queryable {
  readonly #pool: Pool;
  readonly #byKey: Pool;
  readonly #own = new Set<number>();
  readonly #patient: Turns;
  readonly #replica: Replica | undefined;
  readonly #positions = new Positions(this);
  /** How much each reader may fetch at a time. */
  readonly shares: ReaderShares;
  /** Where connections lead to. */
  readonly servers: DatabaseServers;

  /** `url`: undefined where it isn't known yet; see `DatabaseServers.leadTo`. */
  constructor(url: string | undefined, { pageBytes, readUrl, readOnly = false, metrics, ...options }: DatabaseOptions) {
    this.shares = new ReaderShares(pageBytes);
    this.servers = new DatabaseServers(url, readOnly ? 'any' : 'primary');
    const settings = { ...BOUNDED, ...(readOnly ? READ_ONLY : {}) };
    const own = { ...options, metrics };
    const { poolSize } = options;
    this.#patient = new Turns(Math.max(1, Math.floor(poolSize * (1 - LEFT_TO_OTHERS))));
    this.#pool = new Pool(this.servers, { ...own, name: 'planned', settings });
    this.#byKey = new Pool(this.servers, { ...own, name: 'prepared', settings: { ...settings, ...BY_KEY } });
    this.#replica = readUrl === undefined ? undefined : new Replica(readUrl, { ...options, statementMs: PATIENT_MS });
    for (const pool of [this.#pool, this.#byKey]) {
      pool.on('connect', (client) => this.#own.add(serverPid(client)));
      pool.on('remove', (client) => this.#own.delete(serverPid(client)));
      pool.onSilence = () => {
        for (const other of [this.#pool, this.#byKey]) if (other !== pool) other.doubt();
      };
    }
  }

  /**
   * Runs one statement; throws the raw error of `pg`, so that the caller can tell what may be tried again. It ends within
   * seconds, with an error if need be, as PostgreSQL may hang or be gone without a word; see `patient` for longer ones.
   */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#run<Row>(this.#pool, { text, values });
  }

  /** Runs a statement that looks rows up by key; under `name` it is parsed and planned once per connection. */
  prepared<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
    options: { /** How long PostgreSQL may be silent. */ readonly patienceMs?: number } = {},
  ): Promise<readonly Row[]> {
    return this.#run<Row>(this.#byKey, { name, text, values, ...options });
  }

  /**
   * As `prepared`, for a statement that must not be carried out once whoever asked has been told that it wasn't: it has
   * one more parameter, the last moment at which it may begin, to hand to `continuo_in_time`. A PostgreSQL that hangs, or
   * a connection that falls silent, may come to it long afterwards.
   */
  inTime<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    return this.#run<Row>(this.#byKey, { name, text, values, inTime: true });
  }

  /** Statements that may take up to PATIENT_MS each. */
  get patient(): Queryable {
    return {
      query: (text, values = []) => this.transaction((client) => client.query(text, values), PATIENT_MS),
    };
  }

  /**
   * For statements that show what is stored and decide nothing: a replica may answer them, where there is one that has
   * replayed all that was stored before the first of them was asked for. Each may take up to PATIENT_MS.
   */
  reading(): Reader & Queryable {
    const { patient, shares } = this;
    const replica = this.#replica;
    const prepared: Reader['prepared'] = (...statement) => this.prepared(...statement);
    if (replica === undefined) return { ...patient, patient, shares, prepared };
    let position: Promise<Position> | undefined;
    const there = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      position ??= this.#positions.now();
      // A primary that is away, or has no positions, says so itself.
      const needed = await position.catch(() => undefined);
      return needed === undefined ? undefined : replica.rows<Row>(needed, text, values);
    };
    const query: Queryable['query'] = async <Row extends pg.QueryResultRow>(
      text: string,
      values?: readonly unknown[],
    ) => {
      const begun = performance.now();
      const found = await there<Row>(text, values);
      if (found !== undefined) return found;
      // One deadline for both.
      const statementMs = Math.max(1, Math.ceil(PATIENT_MS - (performance.now() - begun)));
      return this.#transaction((client) => client.query<Row>(text, values), { statementMs, isPatient: true });
    };
    return {
      query,
      patient: { query },
      shares,
      prepared: async <Row extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]) =>
        (await there<Row>(text, values)) ?? (await this.prepared<Row>(name, text, values)),
    };
  }

  /**
   * Runs `work` in a transaction on one connection; each of its statements may take `statementMs`. All that it asks of the
   * database goes through `client`: a query that it makes beside it throws, as as many transactions as there are
   * connections would wait for one more for ever.
   */
  transaction<Result>(work: (client: Queryable) => Promise<Result>, statementMs?: number): Promise<Result> {
    return this.#transaction(work, { statementMs });
  }

  /** As `transaction`, for statements that read only, may take up to PATIENT_MS each, and all see the same moment. */
  snapshot<Result>(work: (client: Queryable) => Promise<Result>): Promise<Result> {
    return this.#transaction(work, { statementMs: PATIENT_MS, mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY' });
  }

  /**
   * Runs `work` while no other instance holds `lock`. Whoever waits holds no snapshot, and whoever works no transaction:
   * `CREATE INDEX CONCURRENTLY` would wait for either.
   */
  async locked<Result>(lock: number, clock: Clock, work: () => Promise<Result>): Promise<Result> {
    const client = await this.#pool.take();
    try {
      for (;;) {
        const tried = await client.rows<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [lock]);
        if (tried[0]?.held === true) break;
        await clock.sleep(LOCK_RETRY_MS);
      }
      const proving = new AbortController();
      void prove(client, clock, proving.signal);
      return await work().finally(() => proving.abort());
    } finally {
      // With its connection the lock is gone, too.
      client.release(true);
    }
  }

  /** What a transaction has started and left behind may ask when that is over. */
  #refuseInside(what: string): void {
    const under = transactions.get();
    if (under?.of !== this || !under.open) return;
    throw new Error(`A second connection was asked for while a transaction is open: ${what.trim().slice(0, 200)}`);
  }

  /** Whether the server process `pid` serves a connection of this pool. */
  isOwnConnection(pid: number): boolean {
    return this.#own.has(pid);
  }

  /**
   * Throws CONFIG_INVALID when a pooler stands between that doesn't keep a session for each connection. Where one drops the
   * settings that connections begin with, each sets them by itself from then on.
   */
  async checkSessions(): Promise<void> {
    if (await this.#sessionsHaveSettings()) return;
    this.servers.dropsSettings = true;
    if (!(await this.#sessionsHaveSettings())) throw losesSettings();
  }

  /** Connections without their settings are given back for good. */
  async #sessionsHaveSettings(): Promise<boolean> {
    try {
      return await onOne(this.#pool, (one) =>
        onOne(this.#byKey, async (other) => {
          await checkSessions(one, other);
          const kept = await hasItsSettings(one);
          for (const client of [one, other]) client.retired ||= !kept;
          return kept;
        }),
      );
    } catch (error) {
      throw asNeedsSessions(error);
    }
  }

  /** Resolves when both kinds of connections answer. */
  async ping(): Promise<void> {
    await Promise.all([this.query('SELECT 1'), this.prepared('ping', 'SELECT 1', [])]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#byKey.end(), this.#replica?.close()]);
  }

  async #transaction<Result>(work: (client: Queryable) => Promise<Result>, how: Transaction): Promise<Result> {
    this.#refuseInside('BEGIN');
    const inside = { of: this, open: true };
    const carryOut = (): Promise<Result> =>
      inTransaction(this.#pool, how, (client) => {
        const queryable: Queryable = { query: (text, values) => client.rows(text, values) };
        return transactions.run(inside, () => work(queryable));
      });
    try {
      return await ((how.isPatient ?? how.statementMs === PATIENT_MS)
        ? this.#patient.take(carryOut, { ms: CONNECT_MS, late: notLetIn })
        : carryOut());
    } finally {
      inside.open = false;
    }
  }

  async #run<Row extends pg.QueryResultRow>(pool: Pool, statement: Statement): Promise<readonly Row[]> {
    this.#refuseInside(statement.name ?? statement.text);
    const characters = statement.values.reduce((sum: number, value) => sum + lengthOf(value), 0);
    if (characters > LARGE) {
      const statementMs = STATEMENT_MS + Math.ceil(characters / LARGE) * 1000;
      // Without a name its text goes ahead of its values: while these arrive, the transaction is not idle for PostgreSQL.
      const large = { ...statement, name: undefined };
      return inTransaction(pool, { statementMs }, (client) => rowsOf<Row>(client, large));
    }
    return onOne(pool, (client) => rowsOf<Row>(client, statement));
  }
}

async function onOne<Result>(pool: Pool, work: (client: PooledClient) => Promise<Result>): Promise<Result> {
  const client = await pool.take();
  let broken = true;
  try {
    const result = await work(client);
    broken = false;
    return result;
  } catch (error) {
    broken = isConnectionError(error);
    pool.failed(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Keeps the session of a connection that nothing is asked on, with its locks, until `signal`. */
async function prove(client: PooledClient, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      await client.rows('SELECT 1');
      await clock.sleep(PROOF_EVERY_MS, signal);
    }
  } catch {
    // It is over, or the session is.
  }
}

interface Transaction {
  /** How long each statement may take, if not as long as every other. */
  readonly statementMs?: number | undefined;
  /** Whether it may keep others waiting; default: when it may take PATIENT_MS. */
  readonly isPatient?: boolean;
  /** What follows BEGIN. */
  readonly mode?: string;
}

/** BEGIN, `work`, COMMIT. */
function inTransaction<Result>(
  pool: Pool,
  { statementMs, mode = '' }: Transaction,
  work: (client: PooledClient) => Promise<Result>,
): Promise<Result> {
  return onOne(pool, async (client) => {
    await client.rows(`BEGIN ${mode}`);
    try {
      if (statementMs !== undefined) {
        const values = [String(statementMs)];
        await client.rows(`SELECT set_config('statement_timeout', $1, true)`, values);
        client.patienceMs = statementMs + SILENCE_MS - STATEMENT_MS;
      }
      const result = await work(client);
      await client.rows('COMMIT');
      return result;
    } catch (error) {
      await client.rows('ROLLBACK').catch(() => client.giveUp());
      throw error;
    }
  });
}

async function rowsOf<Row extends pg.QueryResultRow>(
  client: PooledClient,
  { name, text, values, inTime = false, patienceMs }: Statement,
): Promise<readonly Row[]> {
  if (patienceMs !== undefined) client.patienceMs = patienceMs;
  const all = inTime ? [...values, await client.momentIn(STATEMENT_MS)] : values;
  return client.rows<Row>(text, all, name);
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
}

/** The server process behind a connection; 0 when it isn't known. (`pg` has it, its types don't.) */
function serverPid(client: object): number {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : 0;
}
