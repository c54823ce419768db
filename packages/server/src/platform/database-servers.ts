/** Which of the PostgreSQL servers of an address connections lead to: found by asking them, and again after a failover. */
import pg from 'pg';
import { isConnectionError } from '@continuo/agent/internal/platform/database-errors.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { readDatabaseUrl, type DatabaseServer } from './database-url.js';

/** A server that takes writes, one that only replays them, or either. */
export type WantedServer = 'primary' | 'standby' | 'any';

/** Less than a connection may take to be made, so that whoever waits for one hears why there is none. */
const FIND_MS = 4_000;
const LOOK_AGAIN_MS = 250;
const ANSWER_MS = 2_000;
/** A primary that was replaced may still answer, and sooner than the one that replaced it. */
const OTHERS_MS = 300;

/** Codes of PostgreSQL's class 08, so that whoever can try again does. */
class NoServer extends Error {
  constructor(
    message: string,
    readonly code: '08001' | '08004' = '08001',
  ) {
    super(message);
  }
}

interface Connection {
  readonly server: DatabaseServer | undefined;
  /** Closes it, whatever is under way. */
  giveUp(): void;
}

interface Answer {
  readonly server: DatabaseServer;
  readonly fits: boolean;
  /** 0 where it isn't known. */
  readonly timeline: number;
  /** Why it doesn't fit. */
  readonly because: string;
  /** What the server will not answer otherwise: a password, a database. */
  readonly final?: Error;
}

export class DatabaseServers {
  #servers: readonly DatabaseServer[] = [];
  readonly #connections = new Set<Connection>();
  #database = '';
  /** A pooler stands between that forgets with which settings a connection began: the connection sets them once more. */
  dropsSettings = false;
  #current: DatabaseServer | undefined;
  #finding: Promise<DatabaseServer> | undefined;
  /** The newest that was seen: a primary on an older one has been replaced. */
  #timeline = 0;

  /** `url`: undefined where it isn't known yet; see `leadTo`. */
  constructor(
    url: string | undefined,
    readonly wanted: WantedServer = 'primary',
  ) {
    if (url !== undefined) this.leadTo(url);
  }

  /** Where connections lead to from now on. */
  leadTo(url: string): void {
    const { servers, database } = readDatabaseUrl(url);
    this.#servers = servers;
    this.#database = database;
    this.#current = servers.length === 1 ? servers[0] : undefined;
  }

  get database(): string {
    return this.#database;
  }

  /** An address of one server, which may not be the one that is wanted. */
  get anyUrl(): string {
    return this.#servers[0]?.url ?? '';
  }

  /** For messages. */
  get where(): string {
    return `${this.#servers.map(({ where }) => where).join(',')}/${this.database}`;
  }

  get several(): boolean {
    return this.#servers.length > 1;
  }

  /** Where to connect to. Throws NoServer within FIND_MS when no server is as wanted. */
  async choose(): Promise<DatabaseServer> {
    if (this.#servers.length === 0)
      throw new NoServer('The database is not open yet: it is when the application has started');
    return this.#current ?? (this.#finding ??= this.#find().finally(() => (this.#finding = undefined)));
  }

  /** A connection to it failed, or was lost: before the next one all servers are asked. */
  doubt(server: DatabaseServer | undefined): void {
    if (this.several && this.#current === server) this.#current = undefined;
  }

  /** Throws NoServer when another server has been found to be the right one since the connection was begun. */
  admit(connection: Connection, isStandby: boolean): void {
    const { server } = connection;
    const where = server?.where ?? this.where;
    if (this.wanted === 'primary' && isStandby) {
      throw new NoServer(`PostgreSQL at ${where} is a standby, which takes no writes`, '08004');
    }
    if (this.#current !== undefined && this.#current !== server) {
      throw new NoServer(`PostgreSQL at ${where} has been replaced by ${this.#current.where}`, '08004');
    }
    this.#connections.add(connection);
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
  }

  async #find(): Promise<DatabaseServer> {
    const until = performance.now() + FIND_MS;
    for (;;) {
      const answers = await this.#ask();
      const best = answers
        .filter(({ fits, timeline }) => fits && (timeline === 0 || timeline >= this.#timeline))
        .toSorted((one, other) => other.timeline - one.timeline)[0];
      if (best !== undefined) return this.#found(best);
      // One that refuses to be signed in to says nothing of the others.
      const finals = answers.flatMap(({ final }) => final ?? []);
      if (finals[0] !== undefined && finals.length === answers.length) throw finals[0];
      if (performance.now() > until) {
        const why = answers.map(({ server, because }) => `${server.where} ${because}`).join('; ');
        const kind = this.wanted === 'standby' ? 'is a standby' : 'takes writes';
        throw new NoServer(`None of the PostgreSQL servers ${kind}: ${why}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  #found({ server, timeline }: Answer): DatabaseServer {
    this.#current = server;
    this.#timeline = Math.max(this.#timeline, timeline);
    // Whatever still leads to another one is of no use, or worse: a primary that was replaced may not know it yet.
    for (const connection of this.#connections) if (connection.server !== server) connection.giveUp();
    return server;
  }

  /** The answers that are there when all have answered, or a moment after one that fits. */
  #ask(): Promise<readonly Answer[]> {
    return new Promise((resolve) => {
      const answers: Answer[] = [];
      for (const server of this.#servers) {
        void this.#askOne(server).then((answer) => {
          answers.push(answer);
          if (answers.length === this.#servers.length) resolve(answers);
          else if (answer.fits) setTimeout(() => resolve([...answers]), OTHERS_MS);
        });
      }
    });
  }

  async #askOne(server: DatabaseServer): Promise<Answer> {
    const client = new pg.Client({
      connectionString: server.url,
      application_name: 'continuo looks',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ standby: boolean; closed: boolean }>(STATE);
      const { standby = false, closed = false } = rows[0] ?? {};
      const timeline = standby ? 0 : await timelineOf(client);
      const replaced = timeline > 0 && timeline < this.#timeline;
      const because = standby
        ? 'is a standby'
        : closed
          ? 'is read-only'
          : replaced
            ? 'has been replaced'
            : 'is a primary';
      const isPrimary = !standby && !closed && !replaced;
      const fits = this.wanted === 'any' || (this.wanted === 'standby' ? standby : isPrimary);
      return { server, fits, timeline, because };
    } catch (error) {
      const because = `does not answer (${messageOf(error)})`;
      return {
        server,
        fits: false,
        timeline: 0,
        because,
        ...(error instanceof Error && !isConnectionError(error) ? { final: error } : {}),
      };
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

const STATE = `
SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') = 'on' AS closed`;

/** Each failover begins a new timeline; PostgreSQL's relatives have none. */
async function timelineOf(client: pg.Client): Promise<number> {
  const statement = `SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS hex`;
  const answered = await client.query<{ hex: string }>(statement).catch(() => undefined);
  return Number.parseInt(answered?.rows[0]?.hex ?? '0', 16);
}
