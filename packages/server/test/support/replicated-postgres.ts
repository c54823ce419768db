/** Two PostgreSQL servers of a test's own: a primary, and a hot standby that streams from it. */
import { spawn } from 'node:child_process';
import { chown, cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../../scripts/free-port.mjs';
import { asAccount, type Account } from '../../src/platform/embedded-postgres/account.js';
import { findBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { makeCluster } from '../../src/platform/embedded-postgres/cluster.js';
import { ensureDatabase, urlOf } from '../../src/platform/embedded-postgres/connection.js';
import { passwordOf } from '../../src/platform/embedded-postgres/password.js';
import { place } from '../../src/platform/embedded-postgres/placement.js';
import { stopOrphanedPostgres } from './orphaned-postgres.js';
import { afterThisTest } from './outcome.js';
import { runOn } from './postgres.js';
import { signalPostgres } from './signal-postgres.js';
import { makeTemporaryDirectory } from './temporary-directory.js';
import { until } from './until.js';

export interface Replica {
  readonly port: number;
  readonly url: string;
  /** Starts it as it was, and waits until it answers. */
  start(): Promise<void>;
  /** At once, as in a crash. */
  crash(): Promise<void>;
  /** Stops every process of it where it is (SIGSTOP): it is there, and hangs. */
  pause(): Promise<void>;
  /** Lets it go on. */
  resume(): Promise<void>;
}

export interface ReplicatedPostgres {
  readonly primary: Replica;
  readonly standby: Replica;
  /** Both in one address, the standby first. */
  readonly url: string;
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=32MB',
  'io_method=sync',
  'wal_level=replica',
  'wal_keep_size=256MB',
  'hot_standby=on',
  'max_connections=100',
];

/** Starts both, with an empty database; they go, with their data, after the file. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const directory = await makeTemporaryDirectory('replicated-postgres');
  const placement = await place(directory);
  const { account } = placement;
  const binaries = await findBinaries(account, placement.stagingDirectory);
  const password = await passwordOf(directory, true);
  const cluster = await makeCluster(binaries, placement, password);
  const copy = `${cluster}-standby`;
  const [port, standbyPort] = [await freePort(), await freePort()];
  // Nothing has been written yet: the standby begins where the primary does.
  await cp(cluster, copy, { recursive: true });
  await writeFile(join(copy, 'standby.signal'), '');
  const conninfo = `host=127.0.0.1 port=${port} user=continuo password=${password} application_name=standby`;
  await writeFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  await ownedBy(copy, account);
  afterThisTest(async () => {
    for (const at of [cluster, copy]) await signalPostgres(at, 'SIGCONT').catch(() => undefined);
    await stopOrphanedPostgres(directory);
    await rm(directory, { recursive: true, force: true });
  });
  const replica = (at: string, own: number): Replica => {
    const url = urlOf({ port: own, password });
    const start = async (): Promise<void> => {
      const options = [...SETTINGS, `port=${own}`].flatMap((setting) => ['-c', setting]);
      spawn(binaries.postgres, ['-D', at, ...options], {
        ...asAccount(account),
        detached: true,
        stdio: 'ignore',
      }).unref();
      const anyDatabase = url.replace(/[^/]*$/, 'postgres');
      await until(() => runOn(anyDatabase, 'SELECT 1'), { what: `PostgreSQL on port ${own}` });
    };
    return {
      port: own,
      url,
      start,
      crash: () => stopOrphanedPostgres(at),
      pause: () => signalPostgres(at, 'SIGSTOP'),
      resume: () => signalPostgres(at, 'SIGCONT'),
    };
  };
  const both = { primary: replica(cluster, port), standby: replica(copy, standbyPort) };
  await both.primary.start();
  await ensureDatabase({ port, password });
  await both.standby.start();
  await until(() => runOn(both.standby.url, 'SELECT 1'), { what: 'the standby to have the database' });
  return { ...both, url: both.primary.url.replace('@', `@127.0.0.1:${standbyPort},`) };
}

async function ownedBy(path: string, account: Account): Promise<void> {
  if (account === undefined) return;
  for (const entry of ['', ...(await readdir(path, { recursive: true }))]) {
    await chown(join(path, entry), account.uid, account.gid);
  }
}
