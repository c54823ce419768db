/** A PostgreSQL connection that notices when the other side falls silent: what is gone without a word is closed here. */
import { Socket } from 'node:net';
import pg from 'pg';
import type { DatabaseServers } from './database-servers.js';
import type { DatabaseServer } from './database-url.js';

/** PostgreSQL ends a statement that takes longer, with an answer, so that only what is dead or hangs is ever silent. */
export const STATEMENT_MS = 7_000;
/** How long a connection may be without a byte of an answer. */
export const SILENCE_MS = 8_000;
/** For a connection to be made, or to become free. */
export const CONNECT_MS = 5_000;
/**
 * PostgreSQL ends sessions that say nothing for so long, with their locks, as whoever had them is gone without a word. Pools
 * let go of idle connections before; others have to prove themselves.
 */
export const ABANDONED_MS = 15_000;
/** How often a connection proves that it is not abandoned, and that it works. */
export const PROOF_EVERY_MS = 3_000;
const KEEP_ALIVE_MS = 10_000;
/** For the other side to say goodbye as well. */
const GOODBYE_MS = 1_000;
/** A process that was paused finds its timers before the bytes that came meanwhile. */
const LOOK_AGAIN_MS = 50;
const CLOCK_KEEPS_MS = 60_000;

/** Code ETIMEDOUT: whoever can try again does. */
class Silent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('PostgreSQL does not answer any more; the connection was given up');
  }
}

/**
 * It is stored here, and whether a standby has it as well isn't known, although that was asked for: to whoever asked it
 * is not stored. SQLSTATE 08007 (transaction resolution unknown): whoever can try again does.
 */
class NotReplicated extends Error {
  readonly code = '08007';

  constructor() {
    super('PostgreSQL gave up waiting for a synchronous standby: what was committed may be on one server only');
  }
}
/** PostgreSQL reports success all the same, with a warning from this function of its source, in whatever language. */
const GAVE_UP_WAITING = 'SyncRepWaitForLSN';
const READ_ONLY_TRANSACTION = '25006';

/** Warnings are heard: one of them takes back that something was stored. */
const REQUIRED = { idle_session_timeout: ABANDONED_MS, client_min_messages: 'warning' };

/** The settings of a session, as a connection begins with them. */
export function startWith(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries({ ...REQUIRED, ...settings })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** The same settings as a statement, for a connection that has begun without them. */
function setAgain(options: string): string {
  return options.replaceAll(/-c (\w+)=(\S+) ?/g, "SET $1 = '$2';");
}

export interface WatchedConfig extends pg.ClientConfig {
  /** Where to connect to, in place of the host and port of the address. */
  readonly servers?: DatabaseServers;
}

/** What PostgreSQL says about a session by itself. */
interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/** The database's clock when it was read here. */
interface ClockReading {
  readonly databaseMs: number;
  readonly readAt: number;
}

const INT8: number = pg.types.builtins.INT8;

/** int8 columns hold counts and sequence numbers, all below 2^53. For these connections alone: `pg.types` is everybody's. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export class WatchedClient extends pg.Client {
  /** How long it may be silent from the next statement on; milliseconds. */
  patienceMs = SILENCE_MS;
  /** It is given up as soon as it is free. */
  retired = false;
  /** In somebody's hands, also between two statements. */
  taken = false;
  /** Called when it has fallen silent, and was closed, or its server takes no writes any more. */
  onSilence: () => void = () => undefined;
  readonly #socket: Socket;
  #underWay = 0;
  #silentSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #clock: ClockReading | undefined;
  readonly #servers: DatabaseServers | undefined;
  readonly #settings: string;
  #server: DatabaseServer | undefined;
  #isStandby = false;
  #leaving = false;
  #unsound: Error | undefined;

  constructor({ servers, ...config }: WatchedConfig = {}) {
    const socket = new Socket();
    super({
      ...(servers === undefined ? {} : { connectionString: servers.anyUrl }),
      connectionTimeoutMillis: CONNECT_MS,
      types,
      ...config,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      stream: () => socket,
    });
    this.#socket = socket;
    this.#servers = servers;
    this.#settings = config.options ?? '';
    // Also between two statements, when nobody else listens.
    this.on('error', () => undefined);
    this.once('end', () => this.#ended());
    this.on('notice', ({ routine }) => {
      if (routine !== GAVE_UP_WAITING) return;
      this.#unsound = new NotReplicated();
      this.giveUp();
    });
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (parameterName === 'in_hot_standby') this.#isStandby = parameterValue === 'on';
    });
  }

  /** The server that it leads to. */
  get server(): DatabaseServer | undefined {
    return this.#server;
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error | null, client?: this) => void): void;
  override connect(callback?: (error: Error | null, client?: this) => void): unknown {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    return void connected.then(
      () => callback(null, this),
      (error: Error) => callback(error),
    );
  }

  /** For how long a statement that is under way has had no answer; 0 when there is none. Milliseconds. */
  get silentForMs(): number {
    return this.#underWay === 0 ? 0 : performance.now() - this.#silentSince;
  }

  // The overloads of `pg` say more than can be said of a method that passes its arguments on.
  override query(...given: readonly unknown[]): never {
    const over = this.#begin();
    const send = super.query.bind(this) as (...sent: readonly unknown[]) => unknown;
    const callback = given.at(-1);
    if (typeof callback === 'function') {
      const called = (...results: readonly unknown[]): void => {
        over();
        this.#failed(results[0]);
        if (this.#unsound === undefined) callback(...results);
        else callback(this.#unsound);
      };
      return send(...given.slice(0, -1), called) as never;
    }
    const result = send(...given);
    if (result instanceof Promise) {
      const passOn = (value: unknown): unknown => {
        over();
        if (this.#unsound !== undefined) throw this.#unsound;
        return value;
      };
      const fail = (error: unknown): never => {
        over();
        this.#failed(error);
        throw this.#unsound ?? error;
      };
      return result.then(passOn, fail) as never;
    }
    over();
    return result as never;
  }

  /** The rows of one statement; under `name` it is parsed once per connection. */
  async rows<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<readonly Row[]> {
    const statement = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    const plain = values.length === 0 && name === undefined;
    const answered: Promise<pg.QueryResult<Row>> = this.query(plain ? text : statement);
    return (await answered).rows;
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): unknown {
    this.#leaving = true;
    // One that is dead says no goodbye.
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref();
    return callback === undefined ? super.end() : super.end(callback);
  }

  /** Closes it at once and in silence, when nothing is under way. */
  discard(): void {
    void this.end();
    this.#socket.destroy();
  }

  /** Closes it at once, whatever is under way: that fails. Its server may have been replaced, and not know it. */
  giveUp(): void {
    this.retired = true;
    this.#servers?.doubt(this.#server);
    this.#socket.destroy(new Silent());
  }

  /** The moment in `ms` milliseconds on the database's clock, rather too early than too late. */
  async momentIn(ms: number): Promise<string> {
    const known = this.#clock;
    const fresh = known !== undefined && performance.now() - known.readAt < CLOCK_KEEPS_MS;
    const { databaseMs, readAt } = fresh ? known : await this.#readClock();
    return new Date(databaseMs + performance.now() - readAt + ms).toISOString();
  }

  async #connect(): Promise<this> {
    const servers = this.#servers;
    if (servers === undefined) {
      await super.connect();
      return this;
    }
    this.#server = await servers.choose();
    if (servers.several) Object.assign(this, { host: this.#server.host, port: this.#server.port });
    try {
      await super.connect();
      servers.admit(this, this.#isStandby);
      if (servers.dropsSettings && this.#settings !== '') await this.rows(setAgain(this.#settings));
    } catch (error) {
      servers.doubt(this.#server);
      this.discard();
      throw error;
    }
    return this;
  }

  #ended(): void {
    this.#servers?.forget(this);
    if (!this.#leaving) this.#servers?.doubt(this.#server);
  }

  /** A server that takes no writes any more has been replaced, and so has every other connection to it. */
  #failed(error: unknown): void {
    if (this.#servers?.wanted !== 'primary' || !(error instanceof pg.DatabaseError)) return;
    if (error.code !== READ_ONLY_TRANSACTION) return;
    this.#servers.doubt(this.#server);
    this.retired = true;
    this.onSilence();
  }

  async #readClock(): Promise<ClockReading> {
    const [row] = await this.rows<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    this.#clock = { databaseMs: row?.ms ?? 0, readAt: performance.now() };
    return this.#clock;
  }

  /** Watches from now on until what it returns is called. */
  #begin(): () => void {
    this.#underWay += 1;
    if (this.#underWay === 1) this.#listen();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#underWay -= 1;
      if (this.#underWay === 0) clearTimeout(this.#timer);
      else this.#listen();
    };
  }

  #listen(): void {
    clearTimeout(this.#timer);
    const heard = this.#socket.bytesRead;
    const { patienceMs } = this;
    this.#silentSince = performance.now();
    const nothing = (): boolean => this.#socket.bytesRead === heard;
    const late = (): void => {
      if (!nothing()) {
        this.#listen();
        return;
      }
      this.giveUp();
      this.onSilence();
    };
    this.#timer = setTimeout(() => {
      if (nothing()) this.#timer = setTimeout(late, LOOK_AGAIN_MS);
      else this.#listen();
    }, patienceMs);
  }
}
