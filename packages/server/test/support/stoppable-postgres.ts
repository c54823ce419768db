/** A PostgreSQL of a test's own, which goes and comes back when the test says so; nobody restarts it. */
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { makeCluster } from '../../src/platform/embedded-postgres/cluster.js';
import { ensureDatabase, urlOf } from '../../src/platform/embedded-postgres/connection.js';
import { passwordOf } from '../../src/platform/embedded-postgres/password.js';
import { place } from '../../src/platform/embedded-postgres/placement.js';
import { ensureRunning, stopPostmaster } from '../../src/platform/embedded-postgres/postmaster.js';
import { stopOrphanedPostgres } from './orphaned-postgres.js';
import { afterThisTest } from './outcome.js';
import { signalPostgres } from './signal-postgres.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

export interface StoppablePostgres {
  /** Stays the same through every stop and start. */
  readonly url: string;
  /** In order: connections are closed, what was committed is on disk. */
  stop(): Promise<void>;
  /** At once, as in a crash: the next start recovers. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Stops every process of it where it is (SIGSTOP): it is there, and hangs. */
  pause(): Promise<void>;
  /** Lets it go on. */
  resume(): Promise<void>;
  /** Leaves no room on the disk for the rows of `table`, which has none yet; the answer makes room. */
  fillDisk(table: string): Promise<() => Promise<void>>;
}

/** Starts it, with an empty database; it goes, with its data, after the file. */
export async function startStoppablePostgres(): Promise<StoppablePostgres> {
  const directory = await makeTemporaryDirectory('stoppable-postgres');
  const placement = await place(directory);
  const binaries = await findBinaries(placement.account, placement.stagingDirectory);
  const password = await passwordOf(directory, true);
  const cluster = await makeCluster(binaries, placement, password);
  const { account } = placement;
  const installation = { binaries, account, cluster, password, logFile: join(directory, 'postgres.log') };
  const { port } = await ensureRunning(installation);
  afterThisTest(async () => {
    await signalPostgres(cluster, 'SIGCONT').catch(() => undefined);
    await stopOrphanedPostgres(directory);
    await rm(directory, { recursive: true, force: true });
  });
  await ensureDatabase({ port, password });
  return {
    url: urlOf({ port, password }),
    stop: () => stopPostmaster(installation),
    crash: () => stopOrphanedPostgres(directory),
    start: async () => void (await ensureRunning(installation, port)),
    pause: () => signalPostgres(cluster, 'SIGSTOP'),
    resume: () => signalPostgres(cluster, 'SIGCONT'),
    fillDisk: (table) => fillDisk(urlOf({ port, password }), cluster, table),
  };
}

/** The table's file becomes one that is as good as full, until the answer is called. */
async function fillDisk(url: string, cluster: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ path: string; bytes: string }>(
    'SELECT pg_relation_filepath($1) AS path, pg_relation_size($1) AS bytes',
    [table],
  );
  await client.end();
  const [found] = rows;
  if (found === undefined || Number(found.bytes) > 0) throw new Error(`${table} has rows already.`);
  const file = join(cluster, found.path);
  await rename(file, `${file}.kept`);
  await symlink('/dev/full', file);
  await openFilesAnew(url);
  return async () => {
    await rm(file);
    await rename(`${file}.kept`, file);
    await openFilesAnew(url);
  };
}

/** Resolves when all connections of others are over. */
async function openFilesAnew(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  );
  await client.end();
}
