/** A PostgreSQL of a test's own, which goes and comes back when the test says so; nobody restarts it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinaries } from '../../src/platform/embedded-postgres/binaries.js';
import { makeCluster } from '../../src/platform/embedded-postgres/cluster.js';
import { ensureDatabase, urlOf } from '../../src/platform/embedded-postgres/connection.js';
import { passwordOf } from '../../src/platform/embedded-postgres/password.js';
import { place } from '../../src/platform/embedded-postgres/placement.js';
import { ensureRunning, stopPostmaster } from '../../src/platform/embedded-postgres/postmaster.js';
import { stopOrphanedPostgres } from './orphaned-postgres.js';
import { afterThisFile } from './outcome.js';
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
  afterThisFile(async () => {
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
  };
}
