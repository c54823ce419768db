/** A PostgreSQL of two servers as operators run it: Patroni decides which one takes writes, etcd keeps who leads. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, createWriteStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../../scripts/free-port.mjs';
import { asAccount, chooseAccount } from '../dist/platform/embedded-postgres/account.js';

const WITHIN_MS = 120_000;
const QUERY_MS = 5_000;
const USER = 'continuo';
const PASSWORD = 'failover';
const DEBIAN = '/usr/lib/postgresql';
const MISSING = 'On Debian: apt-get install patroni etcd-server python3-etcd postgresql';

/** What the shortest silence is that Patroni takes for the end of a primary, and how often it looks; seconds. */
const TIMES = { ttl: 20, loop_wait: 1, retry_timeout: 5 };

/** Throws, saying what to install, when a program that is needed isn't there. */
export function findPrograms() {
  const [patroni, etcd] = ['patroni', 'etcd'].map((name) => {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      throw new Error(`There is no ${name}. ${MISSING}`);
    }
  });
  return { patroni, etcd, binaries: findBinaries() };
}

/** The newest that has all that Patroni needs; the embedded PostgreSQL has no pg_rewind. */
function findBinaries() {
  const versions = listOf(DEBIAN).toSorted((one, other) => Number(other) - Number(one));
  for (const directory of [...versions.map((version) => join(DEBIAN, version, 'bin')), '/usr/bin', '/usr/local/bin']) {
    const there = listOf(directory);
    if (['postgres', 'initdb', 'pg_rewind', 'pg_basebackup'].every((name) => there.includes(name))) return directory;
  }
  throw new Error(`There is no PostgreSQL with pg_rewind and pg_basebackup. ${MISSING}`);
}

function listOf(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export class Patroni {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #etcd;
  /** @type {readonly PatroniNode[]} */
  nodes = [];

  /** @param {string} directory an absolute path that other accounts may enter */
  constructor(directory) {
    this.directory = directory;
    this.programs = findPrograms();
  }

  /** Both servers in one address, with an empty database. */
  get url() {
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `postgres://${USER}:${PASSWORD}@${hosts}/continuo?target_session_attrs=read-write`;
  }

  async start() {
    const { directory, programs } = this;
    const account = await chooseAccount(directory);
    const home = (name) => {
      const made = join(directory, name);
      mkdirSync(made, { mode: 0o700 });
      if (account !== undefined) chownSync(made, account.uid, account.gid);
      return made;
    };
    const [client, peer] = [await freePort(), await freePort()];
    const address = (port) => `http://127.0.0.1:${port}`;
    const given = {
      name: 'etcd',
      'data-dir': home('etcd'),
      'listen-client-urls': address(client),
      'advertise-client-urls': address(client),
      'listen-peer-urls': address(peer),
      'initial-advertise-peer-urls': address(peer),
      'initial-cluster': `etcd=${address(peer)}`,
    };
    const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
    this.#etcd = spawn(programs.etcd, options, asAccount(account));
    logTo(join(directory, 'etcd.log'), this.#etcd);
    const nodes = [];
    for (const name of ['one', 'two']) {
      const [port, api] = [await freePort(), await freePort()];
      const data = join(home(name), 'data');
      const settings = { name, data, port, api, etcd: client, binaries: programs.binaries };
      nodes.push(new PatroniNode(directory, settings, account, programs.patroni));
    }
    this.nodes = nodes;
    // The second one is a copy of the first.
    nodes[0].start();
    await until(() => nodes[0].takesWrites(), 'the first server to take writes');
    await nodes[0].query('CREATE DATABASE continuo');
    await nodes[0].query('CREATE TABLE written (at timestamptz)');
    nodes[1].start();
    await this.untilReplicated();
  }

  /** The one of the servers that takes writes, when the other one takes none.
   *
   * @returns {Promise<PatroniNode>}
   */
  async primary() {
    let found = [];
    await until(async () => {
      found = [];
      for (const node of this.nodes) if (await node.takesWrites().catch(() => false)) found.push(node);
      return found.length === 1;
    }, 'one server that takes writes');
    return found[0];
  }

  /** Until commits wait for the other server. */
  async untilReplicated() {
    const waits = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'`;
    await until(async () => {
      const primary = await this.primary();
      return (await primary.query(waits).catch(() => [])).length > 0;
    }, 'a synchronous standby');
  }

  async stop() {
    for (const node of this.nodes.toReversed()) await node.stop();
    this.#etcd?.kill('SIGTERM');
  }

  /** Whatever is left, at once. */
  kill() {
    for (const node of this.nodes) node.signal('SIGKILL');
    this.#etcd?.kill('SIGKILL');
  }
}

export class PatroniNode {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #patroni;

  constructor(directory, settings, account, program) {
    Object.assign(this, { directory, account, program, name: settings.name, port: settings.port, data: settings.data });
    this.file = join(directory, `patroni-${settings.name}.json`);
    writeFileSync(this.file, JSON.stringify(configOf(settings), undefined, 2));
  }

  start() {
    this.#patroni = spawn(this.program, [this.file], asAccount(this.account));
    logTo(join(this.directory, `patroni-${this.name}.log`), this.#patroni);
  }

  async stop() {
    const child = this.#patroni;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  /** Sends it to Patroni and to every process of PostgreSQL, or to one of the two.
   *
   * @param {NodeJS.Signals} signal
   */
  signal(signal, to = ['patroni', 'postgres']) {
    if (to.includes('patroni')) this.#patroni?.kill(signal);
    if (!to.includes('postgres')) return;
    const postmaster = postmasterOf(this.data);
    if (postmaster === undefined) return;
    for (const pid of [postmaster, ...childrenOf(postmaster)]) signalIfThere(pid, signal);
  }

  /** Whether what is written there counts, as far as it knows. */
  async takesWrites() {
    return this.query(`INSERT INTO written VALUES (now())`).then(
      () => true,
      // Before there is the table.
      (error) => error.code === '42P01' && this.#isPrimary(),
    );
  }

  async #isPrimary() {
    const rows = await this.query('SELECT pg_is_in_recovery() AS standby').catch(() => []);
    return rows[0]?.standby === false;
  }

  urlOf(database) {
    return `postgres://${USER}:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  /** On a connection of its own to the database `postgres`, or to another one. */
  async query(statement, database = 'postgres') {
    const client = new pg.Client({
      connectionString: this.urlOf(database),
      application_name: 'failover',
    });
    client.on('error', () => undefined);
    const asked = client.connect().then(() => client.query(statement));
    asked.catch(() => undefined);
    // A server that goes in the middle may leave `pg` waiting.
    const late = delay(QUERY_MS, undefined, { ref: false }).then(() => {
      throw new Error(`the server on port ${this.port} does not answer`);
    });
    try {
      return (await Promise.race([asked, late])).rows;
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

/** Patroni reads YAML, of which JSON is a part. */
function configOf({ name, data, port, api, etcd, binaries }) {
  const user = { username: USER, password: PASSWORD };
  return {
    scope: 'continuo',
    name,
    restapi: { listen: `127.0.0.1:${api}`, connect_address: `127.0.0.1:${api}` },
    etcd3: { host: `127.0.0.1:${etcd}` },
    bootstrap: {
      dcs: {
        ...TIMES,
        synchronous_mode: true,
        // A primary that has crashed is replaced; see docs/instances.md.
        primary_start_timeout: 0,
        postgresql: {
          use_pg_rewind: true,
          parameters: { max_connections: 200, shared_buffers: '64MB', wal_keep_size: '256MB' },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      bin_dir: binaries,
      data_dir: data,
      basebackup: [{ checkpoint: 'fast' }],
      pgpass: join(data, '..', 'pgpass'),
      parameters: { unix_socket_directories: '' },
      pg_hba: ['host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256'],
      authentication: { superuser: user, replication: { username: 'replicator', password: PASSWORD }, rewind: user },
    },
  };
}

function postmasterOf(data) {
  try {
    const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function childrenOf(parent) {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, its]) => its === parent)
    .map(([pid]) => pid);
}

/** Backends come and go while their list is read. */
function signalIfThere(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function logTo(file, child) {
  const log = createWriteStream(file, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
}

async function until(condition, what) {
  const end = performance.now() + WITHIN_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(100);
  }
}
