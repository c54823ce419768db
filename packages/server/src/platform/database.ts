/** The one pool of PostgreSQL connections, and what its errors mean. */
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Clock } from './clock.js';
import { unavailable } from './errors.js';
import type { Log } from './log.js';

export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

// int8 columns hold counts and sequence numbers, all below 2^53; timestamps go out as ISO 8601.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const ONE_QUERY_MS = 60_000;
const LOCK_RETRY_MS = 100;

/** PostgreSQL's classes 08 (connection), 53 (resources), 57P (shutdown), a transaction left idle, and Node's socket errors. */
const connectionCodes =
  /^(08...|53...|57P..|25006|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ENOENT|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)$/;

/** Whether `error` says that PostgreSQL is away, rather than that the query is wrong. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    connectionCodes.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout/.test(
      error.message,
    )
  );
}

/** Whether trying the same statement again can succeed: connection lost, deadlock, serialization failure. */
export function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '40P01' || code === '40001' || isConnectionError(error);
}

interface PoolOptions {
  readonly poolSize: number;
  readonly log: Log;
  /** Settings of each session, as `postgres` takes them. */
  readonly settings?: string;
  /** Prepares every statement with parameters, for a library that sends the same few again and again. */
  readonly prepare?: boolean;
}

/** Names each statement after its text, so that PostgreSQL parses and plans it once per connection. */
class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  // The overloads of `pg` say more than can be said of a method that passes its arguments on.
  override query(...given: readonly unknown[]): never {
    const [text, values, ...rest] = given;
    const repeats = typeof text === 'string' && Array.isArray(values);
    const send = super.query.bind(this) as (...sent: readonly unknown[]) => never;
    return repeats ? send({ text, values, name: this.#name(text) }, ...rest) : send(...given);
  }

  #name(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

/**
 * For statements that look rows up by key, many at a time: planned once, and always by index, however small the tables
 * were when the plan was made.
 */
const BY_KEY = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/**
 * What a paused or cut-off process has locked in the middle of a transaction is free again after this time, before others
 * take its work over.
 */
const IDLE_TRANSACTION = '-c idle_in_transaction_session_timeout=2000';

/** A pool that survives the loss of its connections. */
export function createPool(url: string, { poolSize, log, settings, prepare }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'continuo',
    connectionTimeoutMillis: 5_000,
    query_timeout: ONE_QUERY_MS,
    keepAlive: true,
    options: settings === undefined ? IDLE_TRANSACTION : `${IDLE_TRANSACTION} ${settings}`,
    ...(prepare === true ? { Client: PreparingClient } : {}),
  });
  pool.on('error', (error) => log.debug({ err: error.message }, 'lost an idle database connection'));
  // The pool listens to idle connections only: the loss of one in use, between two statements, would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export class Database implements Queryable {
  readonly #pool: pg.Pool;
  readonly #byKey: pg.Pool;
  readonly #own = new Set<number>();
  /** The transaction that the code under way has open. */
  readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

  constructor(
    readonly url: string,
    options: PoolOptions,
  ) {
    this.#pool = createPool(url, options);
    this.#byKey = createPool(url, { ...options, settings: BY_KEY });
    for (const pool of [this.#pool, this.#byKey]) {
      pool.on('connect', (client) => this.#own.add(serverPid(client)));
      pool.on('remove', (client) => this.#own.delete(serverPid(client)));
    }
  }

  /** Runs one statement; throws the raw error of `pg`, so that the caller can tell what may be tried again. */
  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    this.#refuseInside(text);
    const result = await this.#pool.query<Row>(text, [...values]);
    return result.rows;
  }

  /** Runs a statement that looks rows up by key; under `name` it is parsed and planned once per connection. */
  async prepared<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    this.#refuseInside(name);
    const result = await this.#byKey.query<Row>({ name, text, values: [...values] });
    return result.rows;
  }

  /**
   * Runs `work` in a transaction on one connection. All that it asks of the database goes through `client`: a query that
   * it makes beside it throws, as as many transactions as there are connections would wait for one more for ever.
   */
  async transaction<Result>(work: (client: Queryable) => Promise<Result>): Promise<Result> {
    this.#refuseInside('BEGIN');
    const client = await this.#pool.connect();
    const inside = { open: true };
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const queryable: Queryable = {
        query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
          (await client.query<Row>(text, [...values])).rows,
      };
      const result = await this.#inside.run(inside, () => work(queryable));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => {
        broken = rollback;
      });
      throw error;
    } finally {
      inside.open = false;
      client.release(broken);
    }
  }

  /**
   * Runs `work` while no other instance holds `lock`. Whoever waits holds no snapshot, and whoever works no transaction:
   * `CREATE INDEX CONCURRENTLY` would wait for either.
   */
  async locked<Result>(lock: number, clock: Clock, work: () => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      for (;;) {
        const tried = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [lock]);
        if (tried.rows[0]?.held === true) break;
        await clock.sleep(LOCK_RETRY_MS);
      }
      return await work();
    } finally {
      // With its connection the lock is gone, too.
      client.release(true);
    }
  }

  /** What a transaction has started and left behind may ask when that is over. */
  #refuseInside(what: string): void {
    if (this.#inside.getStore()?.open !== true) return;
    throw new Error(`A second connection was asked for while a transaction is open: ${what.trim().slice(0, 200)}`);
  }

  /** Whether the server process `pid` serves a connection of this pool. */
  isOwnConnection(pid: number): boolean {
    return this.#own.has(pid);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#byKey.end()]);
  }
}

/** Runs `work` for a caller that can try again itself: a database that is away becomes UNAVAILABLE. */
export async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isConnectionError(error) ? unavailable(error) : error;
  }
}

/** The server process behind a connection; 0 when it isn't known. (`pg` has it, its types don't.) */
function serverPid(client: object): number {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : 0;
}
